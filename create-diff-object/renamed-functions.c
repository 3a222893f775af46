// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A static function gets another name. To the comparison it is gone, and there
 * is a new one: each table that names it "changes", each variable that only it
 * uses is lost, its static locals belong to an unknown function.
 *
 * If the new one does exactly what the old one did, with the same variables,
 * they are one function, and there is nothing to replace: pointers to it that
 * the running kernel has stored lead to the right code. Two functions that are
 * only similar are not paired. New code may use either of two functions without
 * state, so a wrong pair of them would do no harm. But a variable is never
 * paired because of its users alone: it has to be lost and new itself, and all
 * users on both sides have to agree.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/words.h"

/* Functions that call one another are tried together. More of them than this are no rename. */
#define PAIRS_MAX 64

/* The pairs of this trial: the atoms of the original. */
struct trial {
	struct unit *original, *patched;
	const struct words *words;
	struct atom *pairs[PAIRS_MAX];
	size_t n;
};

static bool is_static_function(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && !atom->twin && !atom->parent && atom->symbol &&
	       atom->symbol->bind == STB_LOCAL && atom_section_kind(atom) == SECTION_CODE &&
	       !atom->undecodable;
}

/* "foo.part.0" isn't foo: the compiler may next make such a part from another function. */
static bool made_alike(const struct atom *a, const struct atom *b)
{
	return !name_compare(strchrnul(a->symbol->name, '.'), strchrnul(b->symbol->name, '.'));
}

static bool add_pair(struct trial *trial, struct atom *a, struct atom *b)
{
	if (a->twin || b->twin || trial->n == PAIRS_MAX)
		return false;
	a->twin = b;
	b->twin = a;
	trial->pairs[trial->n++] = a;
	return true;
}

static void undo(struct trial *trial)
{
	while (trial->n) {
		struct atom *a = trial->pairs[--trial->n];

		a->twin->twin = NULL;
		a->twin = NULL;
	}
}

static bool add_functions(struct trial *trial, struct atom *a, struct atom *b);

/* A function or variable that neither has in the other unit. */
static bool add_target(struct trial *trial, struct atom *a, struct atom *b)
{
	if (!a || !b || a->twin || b->twin)
		return true; /* the comparison decides */
	if (is_static_function(a) && is_static_function(b))
		return made_alike(a, b) && add_functions(trial, a, b);
	if (!atom_is_state(a) || !atom_is_state(b))
		return true;
	return can_be_bound(a, b) && add_pair(trial, a, b);
}

static bool add_targets(struct trial *trial, const struct atom *a, const struct atom *b)
{
	size_t i;

	if (a->n_relocs != b->n_relocs)
		return false;
	for (i = 0; i < a->n_relocs; i++)
		if (!add_target(trial, a->relocs[i].to, b->relocs[i].to))
			return false;
	return true;
}

/*
 * Add them with their cold parts, and with the lists about them: only __jump_table names a static
 * key.
 */
static bool add_functions(struct trial *trial, struct atom *a, struct atom *b)
{
	const struct atom *x, *y;

	for (; a && b; a = a->next_child, b = b->next_child) {
		if (a->size - a->landing != b->size - b->landing || !add_pair(trial, a, b) ||
		    !add_targets(trial, a, b))
			return false;
		for (x = a->entries, y = b->entries; x && y; x = x->next_entry, y = y->next_entry)
			if (!add_targets(trial, x, y))
				return false;
	}
	return !a && !b;
}

static bool holds(const struct trial *trial)
{
	size_t i;

	for (i = 0; i < trial->n; i++) {
		struct atom *a = trial->pairs[i];

		if (a->kind == ATOM_DATA
			    ? !is_same_under_new_name(trial->original, trial->patched, trial->words,
						      a)
			    : !a->parent && !same_as_twin(trial->original, trial->patched, a))
			return false;
	}
	return true;
}

/* Keeps the pairs if they hold. */
static bool try_functions(struct trial *trial, struct atom *a, struct atom *b)
{
	if (add_functions(trial, a, b) && holds(trial))
		return true;
	undo(trial);
	return false;
}

static bool could_pair(struct trial *trial, struct atom *a, struct atom *b)
{
	bool could = is_static_function(a) && is_static_function(b) && made_alike(a, b) &&
		     try_functions(trial, a, b);

	undo(trial);
	return could;
}

enum side { IN_ORIGINAL, IN_PATCHED };

/* The only function of that unit that @of could be; NULL: none, or several. */
static struct atom *find_only(struct trial *trial, struct atom *of, enum side side)
{
	const struct unit *unit = side == IN_PATCHED ? trial->patched : trial->original;
	struct atom *found = NULL, *atom;
	struct unit_section *s;

	unit_for_each_section(unit, s) {
		if (s->rule->kind != SECTION_CODE)
			continue;
		section_for_each_atom(s, atom) {
			if (!(side == IN_PATCHED ? could_pair(trial, of, atom)
						 : could_pair(trial, atom, of)))
				continue;
			if (found)
				return NULL;
			found = atom;
		}
	}
	return found;
}

static bool has_static_functions(const struct unit *unit)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (is_static_function(atom))
				return true;
	return false;
}

void pair_renamed_functions(struct unit *original, struct unit *patched, const struct words *words,
			    struct diag *diag)
{
	struct trial trial = { .original = original, .patched = patched, .words = words };
	struct unit_section *s;
	struct atom *a, *b;
	size_t i;

	if (!has_static_functions(patched))
		return;
	unit_for_each_section(original, s) {
		section_for_each_atom(s, a) {
			b = is_static_function(a) ? find_only(&trial, a, IN_PATCHED) : NULL;
			if (!b || find_only(&trial, b, IN_ORIGINAL) != a ||
			    !try_functions(&trial, a, b))
				continue;
			for (i = 0; i < trial.n; i++)
				if (trial.pairs[i]->kind == ATOM_DATA)
					tell_bound(patched, trial.pairs[i]->twin, diag);
			trial.n = 0; /* keep the pairs */
		}
	}
}
