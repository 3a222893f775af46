/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every tool here takes relocatable ELF files apart and writes new ones. libelf
 * offers indices into tables, and the indices change whenever something is
 * added; one forgotten fix-up is a relocation that patches the wrong word of a
 * running kernel. And the files are untrusted: any offset in them may be wrong.
 *
 * The model replaces indices by pointers, is checked once while it is loaded,
 * and gets indices again only when it is written. After elf_model_load() all
 * code may rely on: offsets inside their section, relocations inside their
 * target section, symbols inside their section, strings that end.
 */
#ifndef KLP_SPLIT_ELF_MODEL_H
#define KLP_SPLIT_ELF_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <gelf.h>

#include "lib/diag.h"

#ifndef SHN_LIVEPATCH
#define SHN_LIVEPATCH 0xff20 /* include/uapi/linux/elf.h */
#endif
#ifndef SHF_RELA_LIVEPATCH
#define SHF_RELA_LIVEPATCH 0x00100000
#endif

struct elf_symbol;
struct elf_section;

struct elf_rela {
	uint64_t offset; /* into the section that is relocated */
	uint32_t type; /* R_X86_64_PC32, … */
	int64_t addend;
	struct elf_symbol *symbol; /* NULL for symbol index 0 */
};

struct unit_section;
struct reference;
struct identity;

/*
 * A section. Relocation, symbol and string table sections are not sections of
 * the model: relas belong to the section that they relocate, and the tables are
 * rebuilt when the model is written. (Exception: SHF_RELA_LIVEPATCH sections are
 * kept, with their relas in ->relas and the section they patch in ->target,
 * because a module may have several of them for one target.)
 */
struct elf_section {
	struct elf_section *next; /* in file order */
	struct elf_section **pprev; /* private */
	char *name; /* owned by the model */
	uint32_t type; /* SHT_* */
	uint64_t flags; /* SHF_* */
	uint64_t align;
	uint64_t entsize;
	uint64_t size;
	unsigned char *data; /* @size bytes; NULL for SHT_NOBITS */
	struct elf_rela *relas; /* sorted as in the file */
	size_t n_relas;
	size_t cap_relas;
	uint64_t rela_flags; /* sh_flags of its .rela section, when written */
	uint32_t rela_index; /* index of its .rela section in the file; 0: it had none */
	struct elf_symbol *symbol; /* its STT_SECTION symbol, or NULL */
	struct elf_section *target; /* SHF_RELA_LIVEPATCH: what it relocates */
	struct elf_section *link; /* SHF_LINK_ORDER: sh_link */
	struct elf_symbol *group_signature; /* SHT_GROUP: sh_info; data: words that name members
					     * by ->index (or that of their .rela) when loaded */
	uint32_t index; /* index in the file it was loaded from */
	struct unit_section *priv; /* create-diff-object: its section of the unit; else NULL */
};

struct elf_symbol {
	struct elf_symbol *next; /* in symbol table order */
	struct elf_symbol **pprev; /* private */
	char *name; /* owned by the model; "" for section symbols */
	uint64_t value;
	uint64_t size;
	unsigned char type; /* STT_* */
	unsigned char bind; /* STB_* */
	unsigned char other;
	uint16_t shndx; /* SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_LIVEPATCH; 0 if ->section */
	struct elf_section *section; /* NULL unless defined in a section */
	uint32_t index; /* in the file it was loaded from; 0 if added later */
	/* What the tool that uses the model has found out; NULL: nothing yet */
	struct reference *reference; /* create-diff-object: how the output names it */
	struct identity *identity; /* klp-relocs convert: the symbol of the running kernel */
	const struct elf_section
		*resolver; /* klp-relocs verify: its first klp relocation's section */
};

struct elf_model {
	char *path;
	int class; /* ELFCLASS64 */
	int encoding; /* ELFDATA2LSB, … */
	uint16_t machine; /* EM_X86_64 */
	unsigned char osabi;
	unsigned char abiversion;
	uint32_t eflags;
	struct elf_section *sections, **sections_tail;
	struct elf_symbol *symbols, **symbols_tail; /* without the null symbol */
	size_t n_sections, n_symbols;
	/* name → section or symbol; private to elf-model.c */
	struct elf_names *section_names, *symbol_names;
};

#define elf_for_each_section(model, s) for ((s) = (model)->sections; (s); (s) = (s)->next)
#define elf_for_each_symbol(model, s) for ((s) = (model)->symbols; (s); (s) = (s)->next)
#define elf_for_each_rela(sec, r) \
	for ((r) = (sec)->relas; (r) < (sec)->relas + (sec)->n_relas; (r)++)

/*
 * Load an ET_REL file of 64 bits. Problems (not ELF, not relocatable, truncated,
 * an index or offset that points outside) are reported as KS910…KS919; returns
 * 0 or a negative errno, *@out set only on success. Free with elf_model_free().
 */
int elf_model_load(const char *path, struct elf_model **out, struct diag *diag);

/* An empty model for the same machine as @like. */
int elf_model_new(const struct elf_model *like, struct elf_model **out, struct diag *diag);
void elf_model_free(struct elf_model *model);

/* The first section of that name, or NULL. O(1). */
struct elf_section *elf_section_find(const struct elf_model *model, const char *name);

/* The first symbol of that name that is not STT_SECTION or STT_FILE, or NULL. O(1). */
struct elf_symbol *elf_symbol_find(const struct elf_model *model, const char *name);

/*
 * Add to the end. Names are copied; @data is copied (NULL: zeroes). These return
 * NULL only if out of memory.
 */
struct elf_section *elf_section_add(struct elf_model *model, const char *name, uint32_t type,
				    uint64_t flags, uint64_t align, const void *data,
				    uint64_t size);
struct elf_symbol *elf_symbol_add(struct elf_model *model, const char *name, unsigned char bind,
				  unsigned char type, struct elf_section *section, uint64_t value,
				  uint64_t size);
/* 0 or -ENOMEM. Pointers to the section's relas become invalid. */
int elf_rela_add(struct elf_section *section, uint64_t offset, uint32_t type,
		 struct elf_symbol *symbol, int64_t addend);
/* Make room for exactly @n more. 0 or -ENOMEM. */
int elf_rela_reserve(struct elf_section *section, size_t n);

/* Append @size bytes (padded first to @align); returns the offset, or -ENOMEM. */
int64_t elf_section_append(struct elf_section *section, const void *data, uint64_t size,
			   uint64_t align);

/*
 * Unlink and free. The symbols of a removed section are removed with it. The
 * caller makes sure that no rela refers to what is removed; elf_model_write()
 * checks that (KS915).
 */
void elf_section_remove(struct elf_model *model, struct elf_section *section);
void elf_symbol_remove(struct elf_model *model, struct elf_symbol *symbol);
/* 0 or -ENOMEM; keeps the name index right. */
int elf_symbol_rename(struct elf_model *model, struct elf_symbol *symbol, const char *name);

static inline bool elf_section_is_code(const struct elf_section *section)
{
	return section->flags & SHF_EXECINSTR;
}

#endif
