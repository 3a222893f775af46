/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the two files that make an index: object-index.c from a file, object-index-running.c from the
 * kernel.
 */
#ifndef KLP_SPLIT_OBJECT_INDEX_PRIVATE_H
#define KLP_SPLIT_OBJECT_INDEX_PRIVATE_H

#include "lib/object-index.h"

struct block {
	const char *file; /* basename of the STT_FILE symbol; NULL for block 0 */
};

/* A local function or object, for matching blocks. Sorted by block, then name. */
struct local {
	uint32_t block;
	const char *name;
};

struct object_index {
	char *name;
	bool is_module;
	char *build_id;
	const char *depends; /* of a module's modinfo; in the mapping */
	Elf *elf; /* the strings are in its mapping; NULL if it was not made from a file */
	char *text; /* or in here */
	struct object_symbol *symbols; /* sorted by name, then in the kernel's order */
	size_t n_symbols;
	struct block *blocks;
	size_t n_blocks;
	struct local *locals;
	size_t n_locals;
};

/* Sort the symbols in the kernel's order, and count the positions. */
void object_index_number(struct object_index *index);

#endif
