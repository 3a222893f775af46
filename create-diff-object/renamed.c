// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A patch that gives a variable another name, scope or type compiles to code
 * with a new variable, at its initial value, and the running kernel's variable
 * is forgotten: a list that had entries is empty, a lock that was taken is
 * free.
 *
 * No name shows that the two are one. So if a variable is lost, and the same
 * functions use a new one, the two are taken for one if all code that used the
 * old one does the same with the new one in its place. Otherwise there is no
 * way to know, and code that needs the new one is refused, unless the author
 * says that it starts anew (KLP_SPLIT_NEW_STATE()).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/renamed.h"
#include "create-diff-object/surroundings.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/divided.h"

/* Only uses by others count: the head of an empty list points to itself. */
static bool is_used(const struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			if (from != atom && is_user(from) && refers_to(from, atom))
				return true;
	return false;
}

/* It is gone, or still exists, but nothing in this unit uses it. */
static bool is_lost(const struct unit *patched, const struct atom *atom)
{
	return atom_is_state(atom) && (!atom->twin || !is_used(patched, atom->twin));
}

static bool is_new_state(const struct atom *atom)
{
	return atom_is_state(atom) && !atom->twin && !atom->starts_anew;
}

static int add_state(struct states *states, struct atom *atom)
{
	struct atom **atoms = realloc(states->atoms, (states->n + 1) * sizeof(*atoms));

	if (!atoms)
		return -ENOMEM;
	states->atoms = atoms;
	atoms[states->n++] = atom;
	return 0;
}

/*
 * The compiler leaves out a variable that is never written, or never read. It appears and
 * disappears with the code that uses it, under the same name.
 */
static bool is_left_out_of(const struct unit *unit, const struct atom *atom)
{
	return atom->declared && unit_leaves_out(unit, atom->declared);
}

/* Find new ones first: mostly there is none, and then there is no need to look for lost ones. */
static int find_states(struct unit *original, struct unit *patched, struct states *lost,
		       struct states *new)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (!err && is_new_state(atom) && !is_left_out_of(original, atom))
				err = add_state(new, atom);
	if (err || !new->n)
		return err;
	unit_for_each_section(original, s)
		section_for_each_atom(s, atom)
			if (!err && is_lost(patched, atom) && is_used(original, atom) &&
			    (atom->twin || !is_left_out_of(patched, atom)))
				err = add_state(lost, atom);
	return err;
}

/* Is it used by a function that the other unit doesn't have? Then functions were renamed, too. */
static bool has_user_alone(const struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			if (is_user(from) && refers_to(from, atom) &&
			    atom_is_code(atom_group(from)) && !atom_group(from)->twin)
				return true;
	return false;
}

static int could_be_one(struct unit *original, struct atom *lost, struct unit *patched,
			struct atom *new, bool *out)
{
	if (same_source_name(lost, new)) {
		*out = true;
		return 0;
	}
	if ((lost->size == new->size || same_type(lost, new)) && has_user_alone(original, lost) &&
	    has_user_alone(patched, new)) {
		*out = true;
		return 0;
	}
	return share_source_functions(original, lost, patched, new, out);
}

/*
 * It can be found under its old name. If it is global, kpatch-build checks that nothing else uses
 * that name, and other units of the livepatch refer to it by the new one: refer_to_twin().
 */
bool can_be_bound(const struct atom *lost, const struct atom *new)
{
	return !lost->twin && lost->symbol->bind != STB_WEAK && new->symbol->bind != STB_WEAK &&
	       lost->size == new->size &&same_type(lost, new) &&
	       !strcmp(lost->section->rule->name, new->section->rule->name);
}

/* What @twin has in place of @lost in @from, if both have as many references. */
static struct atom *in_place_of(const struct atom *lost, const struct atom *from,
				const struct atom *twin)
{
	const struct reloc *reloc;

	if (from->n_relocs != twin->n_relocs)
		return NULL;
	atom_for_each_reloc(from, reloc)
		if (reloc->to == lost)
			return twin->relocs[reloc - from->relocs].to;
	return NULL;
}

/* The same for lists about the code: only they name a static key that the code tests. */
static struct atom *in_lists_place_of(const struct atom *lost, const struct atom *from)
{
	const struct atom *x, *y;
	struct atom *found = NULL;

	for (x = from->entries, y = from->twin->entries; x && y && !found;
	     x = x->next_entry, y = y->next_entry)
		found = in_place_of(lost, x, y);
	return found;
}

struct atom *now_used_by(const struct atom *lost, const struct atom *from)
{
	return from->twin ? in_place_of(lost, from, from->twin) ?: in_lists_place_of(lost, from)
			  : NULL;
}

/* A function that is the same but for names shows which variable replaces which. */
static void try_to_bind(struct unit *original, struct atom *lost)
{
	struct unit_section *s;
	struct atom *from, *new;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, from) {
			new = from == lost || !is_user(from) ? NULL : now_used_by(lost, from);
			if (!new || !is_new_state(new) || !can_be_bound(lost, new))
				continue;
			lost->twin = new;
			new->twin = lost;
			return;
		}
	}
}

bool is_static_function(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && !atom->twin && !atom->parent && atom->symbol &&
	       atom->symbol->bind == STB_LOCAL && atom_section_kind(atom) == SECTION_CODE;
}

/* What all users of @function have in its place; NULL: not one and the same function. */
struct atom *used_instead(const struct unit *original, const struct atom *function)
{
	struct atom *found = NULL, *from, *now;
	struct unit_section *s;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from) {
			if (from->kind == ATOM_ENTRY || atom_group(from) == function ||
			    !refers_to(from, function))
				continue;
			now = now_used_by(function, from);
			if (!now || (found && now != found))
				return NULL;
			found = now;
		}
	}
	return found;
}

bool has_source_names(const struct words *words, const struct atom *was, const struct atom *is)
{
	char *old = strndup(was->symbol->name, strcspn(was->symbol->name, "."));
	char *new = strndup(is->symbol->name, strcspn(is->symbol->name, "."));
	bool renamed = old && new &&words_renamed(words, old, new);

	free(old);
	free(new);
	return renamed;
}

/*
 * A function that was renamed and changed is a new function, and its callers change. But its use of
 * a variable is compared with that of the old one.
 */
static int pair_functions_for_now(struct unit *original, const struct words *words,
				  struct states *pairs)
{
	struct unit_section *s;
	struct atom *was, *is;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, was) {
			is = words && is_static_function(was) ? used_instead(original, was) : NULL;
			if (!is || !is_static_function(is) || !has_source_names(words, was, is))
				continue;
			if (add_state(pairs, was))
				return -ENOMEM;
			was->twin = is;
			is->twin = was;
		}
	}
	return 0;
}

static void part_functions(struct states *pairs)
{
	size_t i;

	for (i = 0; i < pairs->n; i++) {
		pairs->atoms[i]->twin->twin = NULL;
		pairs->atoms[i]->twin = NULL;
	}
	free(pairs->atoms);
}

/*
 * Several variables may have new names in the same functions. So all are bound before any is
 * checked, and those that don't hold are removed until the rest does.
 */
static void bind_renamed(struct unit *original, struct unit *patched, const struct words *words,
			 const struct states *lost, const struct states *new)
{
	bool all;
	size_t i;

	for (i = 0; i < lost->n; i++)
		if (!lost->atoms[i]->twin)
			try_to_bind(original, lost->atoms[i]);
	do {
		all = true;
		for (i = 0; i < new->n; i++) {
			struct atom *twin = new->atoms[i]->twin;

			if (!twin || is_same_under_new_name(original, patched, words, twin) ||
			    is_renamed_in_changed(original, patched, words, lost, new, twin))
				continue;
			new->atoms[i]->twin = NULL;
			twin->twin = NULL;
			all = false;
		}
	} while (!all);
}

void tell_bound(struct unit *patched, struct atom *new, struct diag *diag)
{
	struct diag_place place = atom_place(patched, new);

	new->maybe = NULL;
	new->renamed = true;
	diag_warning(diag, "KS173", &place, "'%s' is '%s'", atom_name(new), atom_name(new->twin));
}

/* How likely is it that @lost is @new, compared with other candidates? */
static unsigned int likelihood(const struct atom *lost, const struct atom *new)
{
	return 4 * same_source_name(lost, new) + 2 * (lost->size == new->size) +
	       same_type(lost, new);
}

/* @new isn't bound: which of the lost ones could it be? */
static int find_candidate(struct unit *original, struct unit *patched, const struct states *lost,
			  struct atom *new)
{
	struct atom *candidate = NULL, *one;
	bool could_be;
	size_t i;
	int err;

	for (i = 0; i < lost->n; i++) {
		one = lost->atoms[i];
		if (!is_lost(patched, one))
			continue; /* it is bound */
		err = could_be_one(original, one, patched, new, &could_be);
		if (err)
			return err;
		if (could_be && (!candidate || likelihood(one, new) > likelihood(candidate, new)))
			candidate = one;
	}
	if (!new->maybe)
		new->maybe = candidate;
	return 0;
}

int resolve_lost_variables(struct unit *original, struct unit *patched, const struct words *words,
			   struct diag *diag)
{
	struct states lost = { 0 }, new = { 0 }, functions = { 0 };
	size_t i;
	int err;

	err = find_states(original, patched, &lost, &new);
	if (!err && lost.n) {
		err = pair_functions_for_now(original, words, &functions);
		if (!err)
			bind_renamed(original, patched, words, &lost, &new);
		part_functions(&functions);
	}
	for (i = 0; i < new.n && !err; i++) {
		if (!new.atoms[i]->twin) {
			err = find_candidate(original, patched, &lost, new.atoms[i]);
			err = err ?: find_divided(original, patched, words, new.atoms[i]);
			continue;
		}
		tell_bound(patched, new.atoms[i], diag);
	}
	free(lost.atoms);
	free(new.atoms);
	return err ? diag_oom(diag) : 0;
}

/* Does a function that used @atom still exist, with a change? */
static bool has_changed_user(const struct unit *original, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(original, s)
		section_for_each_atom(s, from)
			if (is_user(from) && refers_to(from, atom) && atom_group(from)->twin &&
			    atom_group(from)->twin->changed)
				return true;
	return false;
}

int refuse_folded_state(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, atom) {
			if (!atom_is_state(atom) || atom->twin || !is_left_out_of(patched, atom) ||
			    !has_changed_user(original, atom))
				continue;
			place = atom_place(original, atom);
			diag_error(diag, "KS174", &place, "'%s'", atom_name(atom));
			tell_users(original, atom, NULL, diag);
		}
	}
	return diag_errors(diag) > errors ? -EINVAL : 0;
}

/*
 * Another unit may define it now. A static one that another unit has under the same name is
 * another variable, or a moved one, which is refused (KS172).
 */
static bool is_defined_elsewhere(const struct unit *patched, const struct atom *atom)
{
	const struct elf_symbol *symbol =
		atom->symbol ? elf_symbol_find(patched->elf, atom->symbol->name) : NULL;

	return symbol && !symbol->section && atom->symbol->bind != STB_LOCAL;
}

/* Has the author said that a variable which users of @atom use now starts anew? */
static bool author_knows(const struct unit *original, const struct atom *atom)
{
	struct unit_section *s;
	const struct reloc *reloc;
	struct atom *from;

	unit_for_each_section(original, s)
		section_for_each_atom(s, from)
			if (is_user(from) && from->twin && refers_to(from, atom))
				atom_for_each_reloc(from->twin, reloc)
					if (reloc->to && reloc->to->starts_anew)
						return true;
	return false;
}

void warn_of_forgotten_state(struct unit *original, const struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, atom) {
			if (!atom_is_state(atom) || atom->twin ||
			    is_defined_elsewhere(patched, atom) ||
			    !has_changed_user(original, atom) || author_knows(original, atom))
				continue;
			place = atom_place(original, atom);
			diag_warning(diag, "KS176", &place, "'%s'", atom_name(atom));
			tell_users(original, atom, NULL, diag);
		}
	}
}
