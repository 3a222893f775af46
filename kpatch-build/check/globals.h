/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that the compiled units have, before and after the diffs: see globals.c. */
#ifndef KPATCH_BUILD_GLOBALS_H
#define KPATCH_BUILD_GLOBALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct build;
struct object;

/* What a name is in one compilation of one unit. */
struct global_side {
	bool defined;
	bool undefined; /* the unit refers to it */
	bool local; /* static */
	bool weak;
	bool writable; /* a variable that isn't constant */
	bool several; /* more than one static of that name */
	unsigned char type; /* STT_* */
	bool exported;
};

struct global {
	char *name;
	size_t unit; /* in build->units */
	struct global_side was, is;
};

/* All of them, by name, then by unit. */
struct globals {
	struct global *list;
	size_t n;
};

/* 0 or a negative errno, reported. Free in any case. */
int globals_collect(struct build *build, struct globals *globals);
void globals_free(struct globals *globals);

/* A definition that others can refer to. */
static inline bool side_is_public(const struct global_side *side)
{
	return side->defined && !side->local;
}

/*
 * Who goes on using @name of @object, which one of its units has lost: a unit that the diffs
 * change (as @globals say), a module, the linker script, or code that isn't compiled again. As a
 * sentence in *@text, which the caller frees; NULL: nobody. (lost-users.c)
 */
int find_lost_user(struct build *build, const struct globals *globals, const struct global *lost,
		   char **text);

/*
 * The source of another unit of the object that has a weak definition of @row's name, which the
 * linker has dropped; NULL in *@source if there is none. Caller frees.
 */
int find_other_definition(struct build *build, const struct global *row, char **source);

#endif
