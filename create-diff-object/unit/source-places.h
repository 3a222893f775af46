/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the source has an instruction, and the calls of inlined functions that lead there. */
#ifndef CDO_SOURCE_PLACES_H
#define CDO_SOURCE_PLACES_H

#include "create-diff-object/unit/unit.h"

/* Functions are not inlined into one another more deeply than this, apart from the kernel's helpers. */
#define MAX_SOURCE_PLACES 8

struct source_place {
	const char *function;
	int line; /* 0: unknown */
};

/*
 * The function and line of the instruction at @offset of @code. If that function was inlined, then
 * also the function and line of its call, and so on up to the function that the symbol names. An
 * instruction of a helper of the kernel's headers is where the helper is called. Returns the number
 * of places, which is at least 1.
 */
size_t source_places(struct unit *unit, const struct atom *code, uint64_t offset,
		     struct source_place places[MAX_SOURCE_PLACES]);

#endif
