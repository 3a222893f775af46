/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds users of a symbol that are in no unit of the livepatch: symbol-users.c.
 */
#ifndef KPATCH_BUILD_SYMBOL_USERS_H
#define KPATCH_BUILD_SYMBOL_USERS_H

#include "kpatch-build/build.h"

/*
 * Find a user of the global symbol @name of @object that isn't compiled again in any unit: a
 * sentence; NULL if all are. Caller frees.
 */
int find_uncompiled_user(const struct reached *reached, const struct object *object,
			 const char *name, char **text, struct diag *diag);

#endif
