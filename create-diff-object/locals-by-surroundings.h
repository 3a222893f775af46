/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static locals of one name in several blocks of a function: see locals-by-surroundings.c. */
#ifndef CDO_LOCALS_BY_SURROUNDINGS_H
#define CDO_LOCALS_BY_SURROUNDINGS_H

#include "create-diff-object/unit/unit.h"

struct local_units {
	struct unit *original, *patched;
};

/* The variables of one name that one function declares, in the order of their declaration. */
struct locals_group {
	struct atom **a, **b; /* of the original, and of the patched unit */
	size_t n_a, n_b;
	bool tried; /* paired in order, to be confirmed by is_proved() */
};

static inline void pair_atoms(struct atom *a, struct atom *b)
{
	a->twin = b;
	b->twin = a;
}

static inline void part_atoms(struct atom *a)
{
	a->twin->twin = NULL;
	a->twin = NULL;
}

static inline size_t count_alone(struct atom *const *atoms, size_t n)
{
	size_t alone = 0, i;

	for (i = 0; i < n; i++)
		alone += !atoms[i]->twin;
	return alone;
}

/*
 * Pair by the code around: first the unchanged ones, then the rest, if one is left on each side. 0
 * or -ENOMEM.
 */
int pair_by_surroundings(const struct local_units *units, struct locals_group *group);

#endif
