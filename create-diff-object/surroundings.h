/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two variables of one name, type and function, in blocks of a function that has
 * changed: are they one? The code around them is compared.
 */
#ifndef CDO_SURROUNDINGS_H
#define CDO_SURROUNDINGS_H

#include "create-diff-object/unit/unit.h"

enum likeness {
	UNLIKE, /* nothing says that they are one, or something says that they aren't */
	SIMILAR, /* they are if there is no other that they could be */
	ALIKE, /* the code around is as it was */
};

/* 0 or -ENOMEM. */
int compare_places(struct unit *original, const struct atom *a, struct unit *patched,
		   const struct atom *b, enum likeness *out);

/* Is there a function of the source that used @a, and uses @b now? 0 or -ENOMEM. */
int share_source_functions(struct unit *original, const struct atom *a, struct unit *patched,
			   const struct atom *b, bool *out);

/* Is all that refers to @atom the same in the patched unit? False if nothing does. */
bool all_users_are_same(struct unit *original, struct unit *patched, const struct atom *atom);

#endif
