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
#include "create-diff-object/locals-by-surroundings.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/surroundings.h"
#include "create-diff-object/unit/variables.h"

struct list {
	struct atom **atoms;
	size_t n;
};

struct pairing {
	struct local_units units;
	struct list a, b;
	struct locals_group *groups;
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
			p->groups[p->n++] = (struct locals_group){ p->a.atoms + i, p->b.atoms + k,
								   n_a, n_b, false };
		if (order <= 0)
			i += n_a;
		if (order >= 0)
			k += n_b;
	}
	return 0;
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
static void pair_outermost(struct locals_group *group)
{
	struct atom *a = outermost(group->a, group->n_a), *b = outermost(group->b, group->n_b);

	if (a && b && same_lifetime(a, b))
		pair_atoms(a, b);
}

/* The index of the next one without a twin, or @n. */
static size_t next_alone(struct atom *const *atoms, size_t n, size_t i)
{
	while (i < n && atoms[i]->twin)
		i++;
	return i;
}

static void try_in_order(struct locals_group *group)
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
		pair_atoms(group->a[i], group->b[k]);
		group->tried = true;
	}
}

/* A wrong pair of constants shows when they are compared, and new code then has a copy. */
static bool is_proved(struct pairing *p, const struct locals_group *group)
{
	size_t i;

	for (i = 0; i < group->n_a; i++)
		if (group->a[i]->twin && atom_is_writable(group->a[i]) &&
		    !all_users_are_same(p->units.original, p->units.patched, group->a[i]))
			return false;
	return true;
}

static void part_group(struct locals_group *group)
{
	struct atom *kept = outermost(group->a, group->n_a);
	size_t i;

	for (i = 0; i < group->n_a; i++)
		if (group->a[i]->twin &&
		    (group->a[i] != kept || group->a[i]->twin != outermost(group->b, group->n_b)))
			part_atoms(group->a[i]);
	group->tried = false;
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
			err = pair_by_surroundings(&p->units, &p->groups[i]);
	return err;
}

int correlate_static_locals(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct pairing p = { .units = { original, patched } };
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
