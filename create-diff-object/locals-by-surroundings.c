// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A macro declares its static local in each block that uses it: all have one
 * name, and the declarations don't tell which is which. The code around them
 * does, if it is the same, or like no other block's; so do the initial values
 * of all of them (initial-values.c).
 */
#include "create-diff-object/initial-values.h"
#include "create-diff-object/locals-by-surroundings.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/surroundings.h"
#include "create-diff-object/unit/variables.h"

static int compare_code(const struct local_units *units, struct atom *a, struct atom *b,
			enum likeness *likeness)
{
	*likeness = UNLIKE;
	if (a->twin || b->twin || !same_lifetime(a, b))
		return 0;
	return compare_places(units->original, a, units->patched, b, likeness);
}

static int compare_pair(const struct local_units *units, struct atom *a, struct atom *b,
			enum likeness *likeness)
{
	int err = compare_code(units, a, b, likeness);

	/* the author's word decides if there is doubt, and unchanged code leaves none */
	if (!err && *likeness == SIMILAR && b->starts_anew)
		*likeness = UNLIKE;
	return err;
}

/*
 * Find the only atom of the patched unit that is @like a; NULL: there is none, or several. *@out
 * may be like other atoms as well: the caller checks that with is_only_for().
 */
static int find_only(const struct local_units *units, struct locals_group *group, size_t i,
		     enum likeness like, struct atom **out)
{
	enum likeness likeness;
	size_t k;
	int err;

	*out = NULL;
	for (k = 0; k < group->n_b; k++) {
		err = compare_pair(units, group->a[i], group->b[k], &likeness);
		if (err)
			return err;
		if (likeness < like)
			continue;
		if (*out) {
			*out = NULL;
			return 0;
		}
		*out = group->b[k];
	}
	return 0;
}

static int is_only_for(const struct local_units *units, struct locals_group *group, size_t i,
		       struct atom *b, enum likeness like, bool *out)
{
	enum likeness likeness;
	size_t k;
	int err;

	*out = true;
	for (k = 0; k < group->n_a; k++) {
		err = k == i ? 0 : compare_pair(units, group->a[k], b, &likeness);
		if (err)
			return err;
		if (k != i && likeness >= like)
			*out = false;
	}
	return 0;
}

static int pair_only(const struct local_units *units, struct locals_group *group,
		     enum likeness like)
{
	struct atom *b;
	bool only;
	size_t i;
	int err;

	for (i = 0; i < group->n_a; i++) {
		if (group->a[i]->twin)
			continue;
		err = find_only(units, group, i, like, &b);
		if (!err && b)
			err = is_only_for(units, group, i, b, like, &only);
		if (err)
			return err;
		if (b && only)
			pair_atoms(group->a[i], b);
	}
	return 0;
}

/*
 * Could @a be another variable than @b, or another one be @b? The author's word doesn't say which.
 */
static int has_rival(const struct local_units *units, const struct locals_group *group,
		     struct atom *a, struct atom *b, bool *out)
{
	enum likeness likeness;
	bool found = false;
	size_t i;
	int err = 0;

	for (i = 0; i < group->n_a && !err; i++) {
		if (group->a[i] == a)
			continue;
		err = compare_code(units, group->a[i], b, &likeness);
		found |= !err && likeness >= SIMILAR;
	}
	for (i = 0; i < group->n_b && !err; i++) {
		if (group->b[i] == b)
			continue;
		err = compare_code(units, a, group->b[i], &likeness);
		found |= !err && likeness >= SIMILAR;
	}
	if (!err)
		*out = found;
	return err;
}

/*
 * The patched function has more, or fewer, blocks with a variable of this name. Identical blocks,
 * such as those of a macro that is used once more, can't be told apart: it is chance which of them
 * gets the old one's instructions and neighbours, and which one diff(1) shows as new. So an
 * unchanged block has the old variable only if no other block is similar.
 */
static int pair_unrivalled(const struct local_units *units, struct locals_group *group)
{
	struct atom *b;
	bool rival;
	size_t i;
	int err = 0;

	for (i = 0; i < group->n_a && !err; i++) {
		if (group->a[i]->twin)
			continue;
		err = find_only(units, group, i, ALIKE, &b);
		if (err || !b)
			continue;
		err = has_rival(units, group, group->a[i], b, &rival);
		if (!err && !rival)
			pair_atoms(group->a[i], b);
	}
	return err;
}

/* Compilers and authors seldom exchange blocks: pairs that cross are no proof. */
static void part_crossed(struct locals_group *group)
{
	size_t i, k;

	for (i = 0; i < group->n_a; i++)
		for (k = i + 1; k < group->n_a; k++) {
			struct atom *a = group->a[i]->twin, *b = group->a[k]->twin;

			if (!a || !b || !a->declared->function ||
			    a->declared->order < b->declared->order)
				continue;
			part_atoms(group->a[i]);
			part_atoms(group->a[k]);
			break;
		}
}

/*
 * If the code around all of them has changed, and in the same way: pair by initial values that
 * nothing else in the function has, in the order of the declarations.
 */
static int pair_by_values(const struct local_units *units, struct locals_group *group)
{
	enum likeness likeness;
	size_t i;
	int err;

	if (group->n_a != group->n_b || !initial_values_tell(group->a, group->b, group->n_a))
		return 0;
	for (i = 0; i < group->n_a; i++) {
		if (group->a[i]->twin && group->a[i]->twin == group->b[i])
			continue;
		err = compare_pair(units, group->a[i], group->b[i], &likeness);
		if (err || likeness < SIMILAR)
			return err;
	}
	for (i = 0; i < group->n_a; i++)
		if (!group->a[i]->twin)
			pair_atoms(group->a[i], group->b[i]);
	return 0;
}

int pair_by_surroundings(const struct local_units *units, struct locals_group *group)
{
	bool as_many = count_alone(group->a, group->n_a) == count_alone(group->b, group->n_b);
	int err = as_many ? pair_only(units, group, ALIKE) : pair_unrivalled(units, group);

	if (!err)
		err = pair_by_values(units, group);
	if (!err && count_alone(group->a, group->n_a) == 1 &&
	    count_alone(group->b, group->n_b) == 1)
		err = pair_only(units, group, SIMILAR);
	if (!err)
		part_crossed(group);
	return err;
}
