// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list of sealed functions has two forms: in vmlinux its words are relative addresses that the
 * linker has filled in; in a module they are zero and have relocations against sections. Both
 * become a sorted list of places.
 */
#include <stdlib.h>
#include <string.h>
#include <gelf.h>

#include "lib/arch.h"
#include "lib/landing-pads.h"

#define SEALS ".ibt_endbr_seal" /* s32 each, relative to itself */

/* A place: in vmlinux an address in section 0, in a module an offset in a section. */
struct seal {
	uint32_t section;
	uint64_t offset;
};

struct landing_pads {
	const struct object_index *index;
	uint16_t machine;
	struct seal *seals; /* sorted */
	size_t n;
};

static int damaged(const struct object_index *index, const char *what, struct diag *diag)
{
	struct diag_place place = { .file = object_index_name(index) };

	return diag_error(diag, "KS922", &place, "section %s: %s", SEALS, what);
}

static int compare(const void *a, const void *b)
{
	const struct seal *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The section of that name, or the one that relocates section @relocated. */
static Elf_Scn *find_section(Elf *elf, const char *name, size_t relocated, GElf_Shdr *shdr)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *found;

		if (!gelf_getshdr(scn, shdr))
			return NULL;
		found = elf_strptr(elf, names, shdr->sh_name);
		if (name ? found && !strcmp(found, name)
			 : shdr->sh_type == SHT_RELA && shdr->sh_info == relocated)
			return scn;
	}
	return NULL;
}

static int read_words(struct landing_pads *pads, Elf_Scn *scn, const GElf_Shdr *shdr,
		      struct diag *diag)
{
	Elf_Data *data = elf_rawdata(scn, NULL);
	int32_t word;

	if (!data || !data->d_buf || data->d_size % sizeof(word))
		return damaged(pads->index, "it is cut off", diag);
	pads->seals = calloc(data->d_size / sizeof(word), sizeof(*pads->seals));
	if (!pads->seals)
		return diag_oom(diag);
	for (size_t at = 0; at < data->d_size; at += sizeof(word)) {
		memcpy(&word, (char *)data->d_buf + at, sizeof(word));
		pads->seals[pads->n++].offset = shdr->sh_addr + at + word;
	}
	return 0;
}

static int read_relocations(struct landing_pads *pads, Elf_Scn *scn, struct diag *diag)
{
	Elf *elf = object_index_elf(pads->index);
	Elf_Data *data, *symbols;
	GElf_Shdr shdr;
	GElf_Rela rela;
	GElf_Sym sym;

	scn = find_section(elf, NULL, elf_ndxscn(scn), &shdr);
	data = scn ? elf_getdata(scn, NULL) : NULL;
	symbols = data ? elf_getdata(elf_getscn(elf, shdr.sh_link), NULL) : NULL;
	if (!symbols || !shdr.sh_entsize)
		return damaged(pads->index, "it has no relocations", diag);
	pads->seals = calloc(shdr.sh_size / shdr.sh_entsize + 1, sizeof(*pads->seals));
	if (!pads->seals)
		return diag_oom(diag);
	for (size_t i = 0; i < shdr.sh_size / shdr.sh_entsize; i++) {
		if (!gelf_getrela(data, i, &rela) ||
		    !gelf_getsym(symbols, GELF_R_SYM(rela.r_info), &sym))
			return damaged(pads->index, "a relocation refers to no symbol", diag);
		pads->seals[pads->n++] =
			(struct seal){ sym.st_shndx, sym.st_value + rela.r_addend };
	}
	return 0;
}

int landing_pads_load(const struct object_index *index, struct landing_pads **out,
		      struct diag *diag)
{
	struct landing_pads *pads = calloc(1, sizeof(*pads));
	Elf *elf = object_index_elf(index);
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err = 0;

	if (!pads)
		return diag_oom(diag);
	pads->index = index;
	pads->machine = gelf_getehdr(elf, &ehdr) ? ehdr.e_machine : EM_NONE;
	scn = find_section(elf, SEALS, 0, &shdr);
	if (scn && shdr.sh_size)
		err = object_index_is_module(index) ? read_relocations(pads, scn, diag)
						    : read_words(pads, scn, &shdr, diag);
	if (err) {
		landing_pads_free(pads);
		return err;
	}
	if (pads->n)
		qsort(pads->seals, pads->n, sizeof(*pads->seals), compare);
	*out = pads;
	return 0;
}

void landing_pads_free(struct landing_pads *pads)
{
	if (!pads)
		return;
	free(pads->seals);
	free(pads);
}

bool landing_pads_any_sealed(const struct landing_pads *pads)
{
	return pads->n;
}

size_t landing_pad_size(uint16_t machine, const unsigned char *code, size_t size)
{
	const struct arch *arch = arch_find(machine);
	size_t length = arch ? arch->landing_size : 0;

	return size >= length && length && !memcmp(code, arch->landing, length) ? length : 0;
}

static bool begins_with_one(const struct landing_pads *pads, const struct object_symbol *symbol)
{
	Elf_Scn *scn = elf_getscn(object_index_elf(pads->index), symbol->shndx);
	uint64_t offset = symbol->value;
	GElf_Shdr shdr;
	Elf_Data *data;

	data = scn && gelf_getshdr(scn, &shdr) ? elf_rawdata(scn, NULL) : NULL;
	if (!data || !data->d_buf)
		return false;
	if (!object_index_is_module(pads->index))
		offset -= shdr.sh_addr;
	return offset <= data->d_size &&
	       landing_pad_size(pads->machine, (unsigned char *)data->d_buf + offset,
				data->d_size - offset);
}

bool landing_pads_has(const struct landing_pads *pads, const struct object_symbol *symbol)
{
	struct seal key = { .offset = symbol->value };

	if (object_index_is_module(pads->index))
		key.section = symbol->shndx;
	if (pads->n && bsearch(&key, pads->seals, pads->n, sizeof(key), compare))
		return false;
	return begins_with_one(pads, symbol);
}
