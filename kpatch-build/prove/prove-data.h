/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See prove-data.c. */
#ifndef KPATCH_BUILD_PROVE_DATA_H
#define KPATCH_BUILD_PROVE_DATA_H

#include "kpatch-build/prove/prove-function.h"

/* Like prove_function() for a variable: compare its bytes, and what its pointers lead to. */
enum prove_verdict prove_data(const struct proof *proof, const struct elf_symbol *symbol,
			      const struct object_symbol *shipped_symbol,
			      struct prove_result *result);

/*
 * The same for an entry of a table, which has no name: @size bytes at @offset of @section. It may
 * refer to code without a name, of @code bytes.
 */
enum prove_verdict prove_entry(const struct proof *proof, const struct elf_section *section,
			       uint64_t offset, uint64_t size, uint64_t code,
			       const struct shipped_place *place, struct prove_result *result);

#endif
