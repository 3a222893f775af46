/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See divided.c. */
#ifndef CDO_DIVIDED_H
#define CDO_DIVIDED_H

#include "lib/object-index.h"
#include "create-diff-object/unit/unit.h"

/*
 * @new is a variable that the original doesn't have. Does it take the place of one that lives on?
 * Then ->maybe or ->maybe_elsewhere says of which; ->instead_of, if that may be meant.
 */
void find_divided(struct unit *original, struct unit *patched, struct atom *new);

/*
 * The same of static locals of functions that another unit of @object has as well; @object may be
 * NULL. Needs to know which functions have moved.
 */
void find_divided_locals(const struct unit *original, struct unit *patched,
			 const struct object_index *object);

/* Warn of included variables that have ->instead_of (KS177). */
void warn_of_divided_state(struct unit *patched, struct diag *diag);

#endif
