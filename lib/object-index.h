/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch names what it patches and what it refers to by (object, name, position): "the second
 * `show_stats` of vmlinux". With a wrong position another function is replaced. So it must be the
 * position that the kernel counts (kernel/livepatch/core.c: klp_find_object_symbol();
 * kallsyms_on_each_match_symbol()): over ALL symbols of that name in the object, whatever their
 * binding or type, in address order for vmlinux, in symbol table order for a module.
 *
 * For a static symbol, one must also know which symbol of that name belongs to a given unit.
 * Without debug information FILE blocks tell: the local symbols between one STT_FILE symbol and the
 * next come from one source file, and the unit's own set of local names must fit exactly one such
 * block.
 */
#ifndef KLP_SPLIT_OBJECT_INDEX_H
#define KLP_SPLIT_OBJECT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libelf.h>

#include "lib/diag.h"

struct object_index;

struct object_symbol {
	const char *name;
	uint64_t value;
	uint64_t size;
	unsigned char type; /* STT_* */
	unsigned char bind; /* STB_* */
	uint32_t file; /* number of its FILE block, 0 for globals and for locals before any */
	uint32_t symtab_index; /* in the ELF symbol table */
	uint32_t shndx;
	unsigned int sympos; /* 1-based among all of that name, as the kernel counts */
	unsigned int count; /* the number of symbols of that name */
	/*
	 * Module: this symbol, or one of that name before it, disappears after
	 * the module's init (kernel/module/kallsyms.c: is_core_symbol()), so no
	 * position is right both for a coming and for a live module: refuse it.
	 */
	bool moves;
	bool init; /* lies in memory that is given back after init: no code of a livepatch may use
		      it */
};

/*
 * Index the symbol table of @path: vmlinux (ET_EXEC or ET_DYN) or a module
 * (ET_REL); debug information is not needed. @object is "vmlinux" or the
 * module's name. KS920…: no symbol table, not ELF, stripped.
 */
int object_index_load(const char *path, const char *object, struct object_index **out,
		      struct diag *diag);
void object_index_free(struct object_index *index);

const char *object_index_name(const struct object_index *index); /* @object */
bool object_index_is_module(const struct object_index *index);
/* Is it a module that can't be loaded without module @object? */
bool object_index_depends_on(const struct object_index *index, const char *object);
const char *object_index_depends(const struct object_index *index); /* "a,b"; "" if none */

/* All symbols of that name, in the kernel's order; *@n may be 0. */
const struct object_symbol *object_index_find(const struct object_index *index, const char *name,
					      size_t *n);
/* The position that livepatch expects: 0 if the name is unique, else ->sympos. */
static inline unsigned int object_symbol_klp_pos(const struct object_symbol *symbol)
{
	return symbol->count > 1 ? symbol->sympos : 0;
}

/*
 * Find the FILE blocks named @file ("meminfo.c") that have every local FUNC and OBJECT name in
 * @names (the caller leaves out names that the compiler or linker may drop). Returns how many
 * blocks fit; *@block is the first one's number.
 */
size_t object_index_match_block(const struct object_index *index, const char *file,
				const char *const *names, size_t n_names, uint32_t *block);

/* The next such block after block @block (0: the first); 0 if there is none. */
uint32_t object_index_next_block(const struct object_index *index, const char *file,
				 const char *const *names, size_t n_names, uint32_t block);

/*
 * Do both list the same symbols, with the same positions? FILE symbols, which
 * `strip -g` removes from a module, don't count.
 */
bool object_index_same_symbols(const struct object_index *a, const struct object_index *b);

/*
 * The file itself, for what isn't a symbol. It lives as long as the index. NULL: the index was made
 * without a file.
 */
Elf *object_index_elf(const struct object_index *index);

/* The build-id as hex digits, or NULL if it has none. */
const char *object_index_build_id(const struct object_index *index);

#endif
