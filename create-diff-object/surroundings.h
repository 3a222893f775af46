/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the code around two variables of one name, type and function, in
 * blocks of a function that has changed: are they the same variable?
 */
#ifndef CDO_SURROUNDINGS_H
#define CDO_SURROUNDINGS_H

#include "create-diff-object/unit/unit.h"

enum likeness {
	UNLIKE, /* nothing shows that they are the same, or something shows that they aren't */
	SIMILAR, /* they are the same if no other variable fits */
	ALIKE, /* the code around them is unchanged */
};

/* 0 or -ENOMEM. */
int compare_places(struct unit *original, const struct atom *a, struct unit *patched,
		   const struct atom *b, enum likeness *out);

/* Is there a function of the source that used @a, and now uses @b? 0 or -ENOMEM. */
int share_source_functions(struct unit *original, const struct atom *a, struct unit *patched,
			   const struct atom *b, bool *out);

/*
 * Is everything that refers to @atom the same in the patched unit? False if nothing refers to it.
 */
bool all_users_are_same(struct unit *original, struct unit *patched, const struct atom *atom);

#endif
