/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names in the compiled units, before and after the diffs: see globals.c.
 */
#ifndef KPATCH_BUILD_GLOBALS_H
#define KPATCH_BUILD_GLOBALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object;

/* A name in one compilation of one unit. */
struct global_side {
	bool defined;
	bool undefined; /* the unit refers to it */
	bool local; /* static */
	bool weak;
	bool writable; /* a variable that isn't constant */
	bool several; /* there are several statics of that name */
	unsigned char type; /* STT_* */
	bool exported;
};

struct global {
	char *name;
	size_t unit; /* in build->units */
	struct global_side was, is;
};

/* All names, sorted by name, then by unit. */
struct globals {
	struct global *list;
	size_t n;
};

/* Is it a definition that other units can refer to? */
static inline bool side_is_public(const struct global_side *side)
{
	return side->defined && !side->local;
}

#endif
