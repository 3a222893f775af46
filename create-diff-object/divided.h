/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find new variables in place of shared ones that live on: see divided.c. */
#ifndef CDO_DIVIDED_H
#define CDO_DIVIDED_H

#include "lib/object-index.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

/*
 * @new is a variable that the original doesn't have. If it takes the place of a variable that other
 * code goes on using, set ->maybe or ->maybe_elsewhere to that variable, which is refused. If the
 * author may have intended it, set ->instead_of: report_taken_over(). 0 or -ENOMEM.
 */
int find_divided(struct unit *original, struct unit *patched, const struct words *words,
		 struct atom *new);

/*
 * Set ->maybe_elsewhere of new static locals whose function another unit of @object has, too.
 * @object may be NULL. Call this when it is known which functions have moved.
 */
void find_divided_locals(const struct unit *original, struct unit *patched,
			 const struct object_index *object);

#endif
