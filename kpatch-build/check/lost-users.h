/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lost-users.c. */
#ifndef KPATCH_BUILD_LOST_USERS_H
#define KPATCH_BUILD_LOST_USERS_H

#include "kpatch-build/check/globals.h"

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
