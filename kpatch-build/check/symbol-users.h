/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users of a symbol that no unit of the livepatch is: symbol-users.c. */
#ifndef KPATCH_BUILD_SYMBOL_USERS_H
#define KPATCH_BUILD_SYMBOL_USERS_H

#include "kpatch-build/build.h"

/*
 * Of global symbol @name of @object: a user that none of these units' compilations reaches, as a
 * sentence; NULL if all are reached. Caller frees.
 */
int find_uncompiled_user(const struct reached *reached, const struct object *object,
			 const char *name, char **text, struct diag *diag);

#endif
