/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lost-users.c. */
#ifndef KPATCH_BUILD_LOST_USERS_H
#define KPATCH_BUILD_LOST_USERS_H

#include "kpatch-build/check/globals.h"

struct diag;
struct kernel;
struct reached;

/*
 * Who goes on using @name of @object, which one of its units has lost: a unit that the diffs
 * change (as @globals say), a module, the linker script, or code that isn't compiled again. As a
 * sentence in *@text, which the caller frees; NULL: nobody. (lost-users.c)
 */
int find_lost_user(const struct kernel *kernel, const struct reached *reached,
		   const struct globals *globals, const struct global *lost, char **text,
		   struct diag *diag);

/* Any module of this kernel that refers to @name, as a sentence that the caller frees; NULL: none. */
int find_module_user(const struct kernel *kernel, const struct reached *reached, const char *name,
		     char **text, struct diag *diag);

/*
 * Does the symbol table of the file at @path have @name as one that is defined elsewhere? A file
 * that can't tell is an error (KS153).
 */
int binary_refers_to(const char *path, const char *name, bool *refers, struct diag *diag);

#endif
