// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static locals get a number from the compiler (count.5, count.7), and the
 * number changes when an unrelated variable is added. A livepatch must keep
 * using the variable that the running kernel has: pairing the wrong two, or
 * copying one, gives the kernel two counters where it had one.
 *
 * So a static local is identified by its declaration in the debug information,
 * whatever it was inlined into. The outermost block of a function declares each
 * name only once: that is the same variable as long as function and name are
 * the same. Most variables of inner blocks are declared by macros. Those are
 * the same if all code that refers to them is, or if the code around each of
 * them proves it (surroundings.c), or the initial values of all of them
 * (initial-values.c).
 *
 * Variables of file scope whose names have a counter (__UNIQUE_ID_foo7) are
 * treated the same way. If there is no proof, the variable has no twin, and is
 * refused if new code needs it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/initial-values.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/surroundings.h"
#include "create-diff-object/unit/variables.h"

struct list {
	struct atom **atoms;
	size_t n;
};

/* The variables of one name that one function declares, in the order of their declaration. */
struct group {
	struct atom **a, **b; /* of the original, and of the patched unit */
	size_t n_a, n_b;
	bool tried; /* paired in order, to be confirmed by is_proved() */
};

struct pairing {
	struct unit *original, *patched;
	struct list a, b;
	struct group *groups;
	size_t n;
};

static bool is_local(const struct atom *atom)
{
	if (atom->kind != ATOM_DATA || !atom->symbol || atom->macro_made || atom->twin ||
	    is_trace_string(atom))
		return false;
	return symbol_is_static_local(atom->symbol) ||
	       (atom_is_writable(atom) && name_is_counted(atom->symbol->name) &&
		(atom_section_kind(atom) == SECTION_DATA ||
		 atom_section_kind(atom) == SECTION_PERCPU));
}

static const char *declaring_function(const struct atom *atom)
{
	return atom->declared && atom->declared->function ? atom->declared->function : "";
}

static int by_group(const struct atom *a, const struct atom *b)
{
	return strcmp(declaring_function(a), declaring_function(b))
		       ?: name_compare(a->symbol->name, b->symbol->name);
}

static int by_declaration(const void *a, const void *b)
{
	const struct atom *x = *(struct atom *const *)a, *y = *(struct atom *const *)b;
	size_t of_x = x->declared ? x->declared->order : 0;
	size_t of_y = y->declared ? y->declared->order : 0;

	return by_group(x, y) ?: (of_x > of_y) - (of_x < of_y);
}

static int list_locals(const struct unit *unit, struct list *list)
{
	struct unit_section *s;
	struct atom *atom;
	size_t n = 0;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			n += is_local(atom);
	list->n = 0;
	list->atoms = calloc(n + 1, sizeof(*list->atoms));
	if (!list->atoms)
		return -ENOMEM;
	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (is_local(atom))
				list->atoms[list->n++] = atom;
	qsort(list->atoms, list->n, sizeof(*list->atoms), by_declaration);
	return 0;
}

static size_t group_size(const struct list *list, size_t from)
{
	size_t n = 1;

	while (from + n < list->n && !by_group(list->atoms[from], list->atoms[from + n]))
		n++;
	return n;
}

/* Find the groups that both units have. Variables without a declaration are in no group. */
static int find_groups(struct pairing *p)
{
	size_t i = 0, k = 0, n_a, n_b;

	p->groups = calloc(p->a.n + 1, sizeof(*p->groups));
	if (!p->groups)
		return -ENOMEM;
	while (i < p->a.n && k < p->b.n) {
		int order = by_group(p->a.atoms[i], p->b.atoms[k]);

		n_a = group_size(&p->a, i);
		n_b = group_size(&p->b, k);
		if (!order && p->a.atoms[i]->declared && p->b.atoms[k]->declared)
			p->groups[p->n++] =
				(struct group){ p->a.atoms + i, p->b.atoms + k, n_a, n_b, false };
		if (order <= 0)
			i += n_a;
		if (order >= 0)
			k += n_b;
	}
	return 0;
}

static void pair(struct atom *a, struct atom *b)
{
	a->twin = b;
	b->twin = a;
}

static void part(struct atom *a)
{
	a->twin->twin = NULL;
	a->twin = NULL;
}

static struct atom *outermost(struct atom **atoms, size_t n)
{
	struct atom *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!atoms[i]->declared || !atoms[i]->declared->function ||
		    atoms[i]->declared->depth || name_is_counted(atoms[i]->symbol->name))
			continue;
		if (found)
			return NULL;
		found = atoms[i];
	}
	return found;
}

/* The outermost block of a function has only one variable of each name. */
static void pair_outermost(struct group *group)
{
	struct atom *a = outermost(group->a, group->n_a), *b = outermost(group->b, group->n_b);

	if (a && b && same_lifetime(a, b))
		pair(a, b);
}

/* The index of the next one without a twin, or @n. */
static size_t next_alone(struct atom *const *atoms, size_t n, size_t i)
{
	while (i < n && atoms[i]->twin)
		i++;
	return i;
}

static size_t count_alone(struct atom *const *atoms, size_t n)
{
	size_t alone = 0, i;

	for (i = 0; i < n; i++)
		alone += !atoms[i]->twin;
	return alone;
}

static void try_in_order(struct group *group)
{
	size_t i = 0, k = 0;

	if (count_alone(group->a, group->n_a) != count_alone(group->b, group->n_b))
		return;
	for (;;) {
		i = next_alone(group->a, group->n_a, i);
		k = next_alone(group->b, group->n_b, k);
		if (i == group->n_a || k == group->n_b)
			return;
		if (!same_lifetime(group->a[i], group->b[k]))
			return;
		pair(group->a[i], group->b[k]);
		group->tried = true;
	}
}

/* A wrong pair of constants shows when they are compared, and new code then has a copy. */
static bool is_proved(struct pairing *p, const struct group *group)
{
	size_t i;

	for (i = 0; i < group->n_a; i++)
		if (group->a[i]->twin && atom_is_writable(group->a[i]) &&
		    !all_users_are_same(p->original, p->patched, group->a[i]))
			return false;
	return true;
}

static void part_group(struct group *group)
{
	struct atom *kept = outermost(group->a, group->n_a);
	size_t i;

	for (i = 0; i < group->n_a; i++)
		if (group->a[i]->twin &&
		    (group->a[i] != kept || group->a[i]->twin != outermost(group->b, group->n_b)))
			part(group->a[i]);
	group->tried = false;
}

static int compare_code(struct pairing *p, struct atom *a, struct atom *b, enum likeness *likeness)
{
	*likeness = UNLIKE;
	if (a->twin || b->twin || !same_lifetime(a, b))
		return 0;
	return compare_places(p->original, a, p->patched, b, likeness);
}

static int compare_pair(struct pairing *p, struct atom *a, struct atom *b, enum likeness *likeness)
{
	int err = compare_code(p, a, b, likeness);

	/* the author's word decides if there is doubt, and unchanged code leaves none */
	if (!err && *likeness == SIMILAR && b->starts_anew)
		*likeness = UNLIKE;
	return err;
}

/*
 * Find the only atom of the patched unit that is @like a; NULL: there is none, or several. *@out
 * may be like other atoms as well: the caller checks that with is_only_for().
 */
static int find_only(struct pairing *p, struct group *group, size_t i, enum likeness like,
		     struct atom **out)
{
	enum likeness likeness;
	size_t k;
	int err;

	*out = NULL;
	for (k = 0; k < group->n_b; k++) {
		err = compare_pair(p, group->a[i], group->b[k], &likeness);
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

static int is_only_for(struct pairing *p, struct group *group, size_t i, struct atom *b,
		       enum likeness like, bool *out)
{
	enum likeness likeness;
	size_t k;
	int err;

	*out = true;
	for (k = 0; k < group->n_a; k++) {
		err = k == i ? 0 : compare_pair(p, group->a[k], b, &likeness);
		if (err)
			return err;
		if (k != i && likeness >= like)
			*out = false;
	}
	return 0;
}

static int pair_only(struct pairing *p, struct group *group, enum likeness like)
{
	struct atom *b;
	bool only;
	size_t i;
	int err;

	for (i = 0; i < group->n_a; i++) {
		if (group->a[i]->twin)
			continue;
		err = find_only(p, group, i, like, &b);
		if (!err && b)
			err = is_only_for(p, group, i, b, like, &only);
		if (err)
			return err;
		if (b && only)
			pair(group->a[i], b);
	}
	return 0;
}

/*
 * Could @a be another variable than @b, or another one be @b? The author's word doesn't say which.
 */
static int has_rival(struct pairing *p, const struct group *group, struct atom *a, struct atom *b,
		     bool *out)
{
	enum likeness likeness;
	bool found = false;
	size_t i;
	int err = 0;

	for (i = 0; i < group->n_a && !err; i++) {
		if (group->a[i] == a)
			continue;
		err = compare_code(p, group->a[i], b, &likeness);
		found |= !err && likeness >= SIMILAR;
	}
	for (i = 0; i < group->n_b && !err; i++) {
		if (group->b[i] == b)
			continue;
		err = compare_code(p, a, group->b[i], &likeness);
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
static int pair_unrivalled(struct pairing *p, struct group *group)
{
	struct atom *b;
	bool rival;
	size_t i;
	int err = 0;

	for (i = 0; i < group->n_a && !err; i++) {
		if (group->a[i]->twin)
			continue;
		err = find_only(p, group, i, ALIKE, &b);
		if (err || !b)
			continue;
		err = has_rival(p, group, group->a[i], b, &rival);
		if (!err && !rival)
			pair(group->a[i], b);
	}
	return err;
}

/* Compilers and authors seldom exchange blocks: pairs that cross are no proof. */
static void part_crossed(struct group *group)
{
	size_t i, k;

	for (i = 0; i < group->n_a; i++)
		for (k = i + 1; k < group->n_a; k++) {
			struct atom *a = group->a[i]->twin, *b = group->a[k]->twin;

			if (!a || !b || !a->declared->function ||
			    a->declared->order < b->declared->order)
				continue;
			part(group->a[i]);
			part(group->a[k]);
			break;
		}
}

/*
 * If the code around all of them has changed, and in the same way: pair by initial values that
 * nothing else in the function has, in the order of the declarations.
 */
static int pair_by_values(struct pairing *p, struct group *group)
{
	enum likeness likeness;
	size_t i;
	int err;

	if (group->n_a != group->n_b || !initial_values_tell(group->a, group->b, group->n_a))
		return 0;
	for (i = 0; i < group->n_a; i++) {
		if (group->a[i]->twin && group->a[i]->twin == group->b[i])
			continue;
		err = compare_pair(p, group->a[i], group->b[i], &likeness);
		if (err || likeness < SIMILAR)
			return err;
	}
	for (i = 0; i < group->n_a; i++)
		if (!group->a[i]->twin)
			pair(group->a[i], group->b[i]);
	return 0;
}

/* Pair by the code around: first the unchanged ones, then the rest, if one is left on each side. */
static int pair_by_surroundings(struct pairing *p, struct group *group)
{
	bool as_many = count_alone(group->a, group->n_a) == count_alone(group->b, group->n_b);
	int err = as_many ? pair_only(p, group, ALIKE) : pair_unrivalled(p, group);

	if (!err)
		err = pair_by_values(p, group);
	if (!err && count_alone(group->a, group->n_a) == 1 &&
	    count_alone(group->b, group->n_b) == 1)
		err = pair_only(p, group, SIMILAR);
	if (!err)
		part_crossed(group);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return name_compare((*(struct atom *const *)a)->symbol->name,
			    (*(struct atom *const *)b)->symbol->name);
}

/*
 * Variables of one name that are unpaired on both sides may be the same: there is no way to know.
 */
static int mark_doubtful(struct unit *original, struct unit *patched)
{
	struct list a = { 0 }, b = { 0 };
	size_t i = 0, k = 0;
	int err;

	err = list_locals(original, &a);
	err = err ?: list_locals(patched, &b);
	if (!err) {
		qsort(a.atoms, a.n, sizeof(*a.atoms), by_name);
		qsort(b.atoms, b.n, sizeof(*b.atoms), by_name);
	}
	while (!err && i < a.n && k < b.n) {
		int order = by_name(&a.atoms[i], &b.atoms[k]);

		if (order < 0) {
			i++;
			continue;
		}
		/* a constant can be copied, whichever it is */
		if (!order && atom_is_writable(b.atoms[k]) && !b.atoms[k]->starts_anew)
			b.atoms[k]->maybe = a.atoms[i];
		k++;
	}
	free(a.atoms);
	free(b.atoms);
	return err;
}

static int pair_groups(struct pairing *p)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->n; i++) {
		pair_outermost(&p->groups[i]);
		try_in_order(&p->groups[i]);
	}
	/*
	 * Check this while all are paired: an unpaired one makes all functions that refer to it
	 * differ.
	 */
	for (i = 0; i < p->n; i++)
		if (p->groups[i].tried)
			p->groups[i].tried = is_proved(p, &p->groups[i]);
		else
			p->groups[i].tried = !count_alone(p->groups[i].b, p->groups[i].n_b);
	for (i = 0; i < p->n; i++)
		if (!p->groups[i].tried)
			part_group(&p->groups[i]);
	for (i = 0; i < p->n && !err; i++)
		if (!p->groups[i].tried)
			err = pair_by_surroundings(p, &p->groups[i]);
	return err;
}

int correlate_static_locals(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct pairing p = { .original = original, .patched = patched };
	int err;

	err = list_locals(original, &p.a);
	err = err ?: list_locals(patched, &p.b);
	err = err ?: find_groups(&p);
	err = err ?: pair_groups(&p);
	err = err ?: mark_doubtful(original, patched);
	free(p.groups);
	free(p.a.atoms);
	free(p.b.atoms);
	return err ? diag_oom(diag) : 0;
}
