/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See taken-over.c. */
#ifndef CDO_TAKEN_OVER_H
#define CDO_TAKEN_OVER_H

#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

/*
 * @new is a variable that the original doesn't have. If code or a table uses it at a place where it
 * used a variable that lives on, name that variable in ->instead_of. 0 or -ENOMEM.
 */
int find_taken_over(struct unit *original, struct unit *patched, const struct words *words,
		    struct atom *new);

/*
 * Report included variables that have ->instead_of: warn (KS177), and refuse static keys and static
 * calls (KS178), whose setting is lost.
 */
int report_taken_over(struct unit *patched, struct diag *diag);

#endif
