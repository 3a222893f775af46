/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lost-users.c. */
#ifndef KPATCH_BUILD_LOST_USERS_H
#define KPATCH_BUILD_LOST_USERS_H

#include "kpatch-build/check/globals.h"

struct diag;
struct kernel;
struct reached;

/*
 * Find what goes on using @name of @object, which one of its units has lost: a unit that the diffs
 * change (according to @globals), a module, the linker script, or code that isn't compiled again.
 * *@text: a sentence, which the caller frees; NULL: nothing.
 */
int find_lost_user(const struct kernel *kernel, const struct reached *reached,
		   const struct globals *globals, const struct global *lost, char **text,
		   struct diag *diag);

/*
 * Find a module of this kernel that refers to @name: a sentence, which the caller frees; NULL:
 * none.
 */
int find_module_user(const struct kernel *kernel, const struct reached *reached, const char *name,
		     char **text, struct diag *diag);

/*
 * Does the symbol table of the file at @path have @name as an undefined symbol? If that can't be
 * read, it is an error (KS153).
 */
int binary_refers_to(const char *path, const char *name, bool *refers, struct diag *diag);

#endif
