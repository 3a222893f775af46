// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff exchanges the names of two variables, in their declarations and in all
 * code. Nothing is lost and nothing is new. But each variable is found by its
 * name, so new code takes the reads for the writes, and the writes for the
 * reads.
 *
 * Then no code uses either variable as before: wherever the running kernel's
 * code has one, the new code has the same other one. A fix that corrects a
 * mistake leaves at least one use unchanged.
 *
 * If a function uses both, the diff may as well have changed the order of two
 * statements. Then the declarations decide: if the names were exchanged there
 * too, the variable that was declared first is now the second. There is no
 * other reason to do that in a diff that also leaves no user of either variable
 * unchanged.
 */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/variables.h"

struct candidate {
	struct atom *atom; /* of the original unit */
	struct atom *image; /* the variable that all code uses in its place; NULL: none found yet */
	bool out; /* some code uses it as before, or has different ones in its place */
	/* some function uses it more or less often, so the uses haven't only changed their order */
	bool moved;
};

struct candidates {
	struct candidate *list;
	size_t n;
};

static struct candidate *find(const struct candidates *all, const struct atom *atom)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->list[i].atom == atom)
			return &all->list[i];
	return NULL;
}

static bool is_candidate(const struct atom *atom)
{
	return atom_is_state(atom) && atom->twin && atom->twin->symbol;
}

static int list_candidates(const struct unit *original, struct candidates *all)
{
	struct unit_section *s;
	struct atom *atom;
	size_t n = 0;

	unit_for_each_section(original, s)
		section_for_each_atom(s, atom)
			n += is_candidate(atom);
	all->list = calloc(n + 1, sizeof(*all->list));
	if (!all->list)
		return -ENOMEM;
	unit_for_each_section(original, s)
		section_for_each_atom(s, atom)
			if (is_candidate(atom))
				all->list[all->n++].atom = atom;
	return 0;
}

/* The next variable that counts, referred to at or after *@i; NULL: there is none. */
static struct atom *next_state(const struct atom *code, size_t *i)
{
	struct atom *to;

	while (*i < code->n_relocs) {
		to = code->relocs[(*i)++].to;
		if (to && to->twin && atom_is_state(to))
			return to;
	}
	return NULL;
}

/* Count the uses of @which, or of any variable if that is NULL. */
static size_t count_states(const struct atom *code, const struct atom *which)
{
	const struct atom *to;
	size_t i = 0, n = 0;

	while ((to = next_state(code, &i)))
		n += !which || to == which;
	return n;
}

enum uses { ALL_USES, USES_OF_TWIN };

/* Rule out the variables that @from uses; USES_OF_TWIN: those that its twin still uses. */
static void put_out(struct candidates *all, const struct atom *from, enum uses uses)
{
	struct candidate *candidate;
	struct atom *to;
	size_t i = 0;

	while ((to = next_state(from, &i))) {
		candidate = find(all, to);
		if (candidate && (uses == ALL_USES || count_states(from->twin, to->twin)))
			candidate->out = true;
	}
}

/* The code of @from has as many uses as before: each new one is in the place of an old one. */
static void compare_uses(struct candidates *all, const struct atom *from)
{
	struct candidate *candidate;
	struct atom *was, *is;
	size_t i = 0, k = 0;

	while ((was = next_state(from, &i)) && (is = next_state(from->twin, &k))) {
		candidate = find(all, was);
		if (!candidate)
			continue;
		if (was->twin == is || (candidate->image && candidate->image != is))
			candidate->out = true;
		candidate->image = is;
		candidate->moved |= count_states(from, was) != count_states(from->twin, was->twin);
	}
}

static void look_at(struct candidates *all, const struct atom *from)
{
	if (from->kind == ATOM_ENTRY || !from->twin || !count_states(from, NULL))
		return;
	if (!from->twin->changed || !atom_is_code(from))
		put_out(all, from, ALL_USES);
	else if (count_states(from, NULL) != count_states(from->twin, NULL))
		put_out(all, from, USES_OF_TWIN);
	else
		compare_uses(all, from);
}

/* Where the source declares it. False: it is not known. */
static bool declared_at(const struct atom *atom, int *line, int *column)
{
	Dwarf_Die die;

	if (!atom->declared)
		return false;
	die = atom->declared->die;
	if (dwarf_decl_line(&die, line))
		return false;
	if (dwarf_decl_column(&die, column))
		*column = 0;
	return true;
}

/* Is @a declared before @b? False also if that is not known. */
static bool is_declared_before(const struct atom *a, const struct atom *b)
{
	int line, column, other_line, other_column;

	return declared_at(a, &line, &column) && declared_at(b, &other_line, &other_column) &&
	       (line < other_line || (line == other_line && column < other_column));
}

static bool may_have_names_exchanged(const struct atom *a, const struct atom *b)
{
	const char *one, *other;

	if (!a->declared || !b->declared || !a->declared->type || !b->declared->type)
		return false;
	one = a->declared->function;
	other = b->declared->function;
	return a->size == b->size && !strcmp(a->declared->type, b->declared->type) &&
	       !strcmp(one ?: "", other ?: "") &&
	       !strcmp(a->section->rule->name, b->section->rule->name) &&
	       ((is_declared_before(a, b) && is_declared_before(b->twin, a->twin)) ||
		(is_declared_before(b, a) && is_declared_before(a->twin, b->twin)));
}

static bool refers_to(const struct atom *from, const struct atom *to)
{
	const struct reloc *reloc;

	atom_for_each_reloc(from, reloc)
		if (reloc->to == to)
			return true;
	return false;
}

/* Is there code or data that uses @atom, but none that uses it as before? */
static bool all_users_changed(const struct unit *original, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;
	bool any = false;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from) {
			struct atom *group = atom_group(from);

			if (from == atom || !refers_to(from, atom))
				continue;
			if (group->twin && !group->twin->changed)
				return false;
			any |= !!group->twin;
		}
	}
	return any;
}

/* The next use of @a or @b at or after *@i; NULL: there is none. */
static const struct atom *next_of_two(const struct atom *code, size_t *i, const struct atom *a,
				      const struct atom *b)
{
	const struct atom *to;

	while ((to = next_state(code, i)))
		if (to == a || to == b)
			return to;
	return NULL;
}

/* Does @from use the two, or one of them, in the same order as before, by their names? */
static bool uses_as_before(const struct atom *from, const struct atom *a, const struct atom *b)
{
	const struct atom *was, *is;
	size_t i = 0, k = 0, n = 0;

	for (;; n++) {
		was = next_of_two(from, &i, a, b);
		is = next_of_two(from->twin, &k, a->twin, b->twin);
		if (!was || !is)
			return n && !was && !is;
		if (was->twin != is)
			return false;
	}
}

/* If the names had been exchanged in all code, no function would use the two as before. */
static bool any_uses_as_before(const struct unit *original, const struct atom *a,
			       const struct atom *b)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD || s->rule->kind == SECTION_INIT)
			continue;
		section_for_each_atom(s, from)
			if (from->twin && atom_is_code(from) && uses_as_before(from, a, b))
				return true;
	}
	return false;
}

/* The variable that has its name now, as far as the declarations tell. */
static const struct candidate *redeclared_as(const struct unit *original,
					     const struct candidates *all,
					     const struct candidate *one)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct candidate *other = &all->list[i];

		if (other != one && may_have_names_exchanged(one->atom, other->atom) &&
		    all_users_changed(original, one->atom) &&
		    all_users_changed(original, other->atom) &&
		    !any_uses_as_before(original, one->atom, other->atom))
			return other;
	}
	return NULL;
}

/*
 * The variable that all its users use now, if that has another name and isn't used as before
 * either.
 */
static const struct candidate *exchanged_with(const struct candidates *all,
					      const struct candidate *one)
{
	const struct candidate *other =
		one->out || !one->image || !one->moved ? NULL : find(all, one->image->twin);

	return other && other != one && !other->out && other->image && other->image != one->image &&
			       other->atom->size == one->atom->size
		       ? other
		       : NULL;
}

int refuse_exchanged(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag), i;
	struct candidates all = { 0 };
	const struct candidate *other;
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;

	if (list_candidates(original, &all))
		return diag_oom(diag);
	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD || s->rule->kind == SECTION_INIT)
			continue;
		section_for_each_atom(s, atom)
			look_at(&all, atom);
	}
	for (i = 0; i < all.n; i++) {
		other = exchanged_with(&all, &all.list[i])
				?: redeclared_as(original, &all, &all.list[i]);
		if (!other)
			continue;
		place = atom_place(patched, other->atom->twin);
		diag_error(diag, "KS171", &place, "'%s' seems to be what was '%s'",
			   atom_name(other->atom->twin), atom_name(all.list[i].atom));
		tell_users(patched, other->atom->twin, NULL, diag);
	}
	free(all.list);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
