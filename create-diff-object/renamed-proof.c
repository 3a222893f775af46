// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is a new variable a lost one under another name? The two are paired as a
 * trial (->twin), and the code that uses them is compared. The proof that is
 * needed depends on what else has changed: see is_same_under_new_name() and
 * is_renamed_in_changed().
 */
#include <string.h>

#include "lib/paths.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/renamed.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/renamed-proof.h"

bool is_user(const struct atom *from)
{
	const struct atom *code = from->owner ? from->owner : from;

	switch (atom_section_kind(code)) {
	case SECTION_BUILD:
	case SECTION_INIT:
	case SECTION_REGISTRATION:
		return false;
	default:
		return true;
	}
}

bool refers_to(const struct atom *from, const struct atom *to)
{
	const struct reloc *reloc;

	atom_for_each_reloc(from, reloc)
		if (reloc->to == to)
			return true;
	return false;
}

bool same_source_name(const struct atom *a, const struct atom *b)
{
	size_t length = strcspn(a->symbol->name, ".");

	return length == strcspn(b->symbol->name, ".") &&
	       !strncmp(a->symbol->name, b->symbol->name, length);
}

bool same_type(const struct atom *a, const struct atom *b)
{
	return a->declared && b->declared && a->declared->type && b->declared->type &&
	       !strcmp(a->declared->type, b->declared->type);
}

bool starts_alike(struct unit *original, struct unit *patched, struct atom *old, struct atom *new)
{
	struct atom *twin = old->twin;
	bool same;

	old->twin = new;
	new->twin = old;
	same = same_as_twin(original, patched, old);
	old->twin = twin;
	new->twin = NULL;
	return same;
}

/*
 * With @lost and @new as twins: does the code of @from do the same as before? RELATED: it has
 * changed, but refers to the same things in the same order.
 */
enum sameness { DIFFERS, SWITCHED, RELATED, SAME };

/* Does the code, or a list about it, refer to @to? */
static bool group_refers_to(struct atom *group, const struct atom *to)
{
	const struct atom *part, *entry;

	for (part = group; part; part = part->next_child) {
		if (refers_to(part, to))
			return true;
		atom_for_each_entry(part, entry)
			if (refers_to(entry, to))
				return true;
	}
	return false;
}

static enum sameness compare_user(struct unit *original, struct unit *patched, struct atom *from,
				  const struct atom *lost)
{
	struct atom *code = atom_group(from);

	if (!code->twin)
		return DIFFERS;
	if (same_as_twin(original, patched, code))
		return SAME;
	if (refers_as_before(code))
		return RELATED;
	return atom_is_code(code) && group_refers_to(code->twin, lost->twin) ? SWITCHED : DIFFERS;
}

static const char *declaring_function(const struct atom *atom)
{
	return atom->declared ? atom->declared->function : NULL;
}

static bool is_main_file(const struct unit *unit, const char *file)
{
	return !strcmp(base_name(file), unit->source);
}

/* A declaration in an unchanged file was there before. The two trees may have different roots. */
static bool same_file(struct unit *original, struct unit *patched, const struct atom *lost,
		      const struct atom *new)
{
	Dwarf_Die old_die = lost->declared->die, new_die = new->declared->die;
	const char *was = die_place(original, &old_die).file,
		   *is = die_place(patched, &new_die).file;

	return was && is &&
	       (!strcmp(was, is) || (is_main_file(original, was) && is_main_file(patched, is)));
}

static bool different_functions(const struct atom *lost, const struct atom *new)
{
	const char *was = declaring_function(lost), *is = declaring_function(new);

	return was && is && strcmp(was, is);
}

/*
 * Static locals of two functions are one variable only if the source shows that it is one function.
 */
static bool may_be_in(struct unit *original, struct unit *patched, const struct words *words,
		      const struct atom *lost, const struct atom *new)
{
	const char *was = declaring_function(lost), *is = declaring_function(new);

	return !different_functions(lost, new) ||
	       (same_source_name(lost, new) && words_renamed(words, was, is) &&
		same_file(original, patched, lost, new));
}

/*
 * Does the source show that it was renamed? Otherwise, the variable that changed code uses in place
 * of the other may have been there before, unused.
 */
static bool is_renamed_in_source(struct unit *original, struct unit *patched,
				 const struct words *words, const struct atom *lost,
				 const struct atom *new)
{
	const char *was = declaring_function(lost), *is = declaring_function(new);
	Dwarf_Die old_die, new_die;

	if (was && is) /* the debug information has all variables that a function declares */
		return true;
	if (was || is || !lost->declared || !new->declared)
		return false;
	old_die = lost->declared->die;
	new_die = new->declared->die;
	return words_renamed(words, dwarf_diename(&old_die) ?: "", dwarf_diename(&new_die) ?: "") &&
	       same_file(original, patched, lost, new);
}

/*
 * How similar are the users of the one to those of the other? DIFFERS: a user doesn't use the new
 * one instead, or a user of the new one didn't use the old one.
 */
static enum sameness compare_users(struct unit *original, struct unit *patched, struct atom *lost)
{
	struct atom *new = lost->twin, *from;
	struct unit_section *s;
	enum sameness sameness, best = DIFFERS;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, from) {
			if (s->rule->kind == SECTION_BUILD || from == lost ||
			    !refers_to(from, lost))
				continue;
			sameness = compare_user(original, patched, from, lost);
			if (sameness == DIFFERS)
				return DIFFERS;
			if (is_user(from) && sameness > best)
				best = sameness;
		}
	}
	unit_for_each_section(patched, s) {
		section_for_each_atom(s, from) {
			if (s->rule->kind == SECTION_BUILD || from == new || !refers_to(from, new))
				continue;
			if (!atom_group(from)->twin ||
			    !group_refers_to(atom_group(from)->twin, lost))
				return DIFFERS;
		}
	}
	return best;
}

/* At least one function uses it without any other change. */
bool is_same_under_new_name(struct unit *original, struct unit *patched, const struct words *words,
			    struct atom *lost)
{
	return same_as_twin(original, patched, lost) &&
	       may_be_in(original, patched, words, lost, lost->twin) &&
	       compare_users(original, patched, lost) == SAME;
}

/* Do they have one type and memory, and one function, or, if functions were renamed, one name? */
static bool could_be_meant(const struct atom *a, const struct atom *b, bool by_name)
{
	const char *one = declaring_function(a), *other = declaring_function(b);

	return a->size == b->size && same_type(a, b) &&
	       !strcmp(a->section->rule->name, b->section->rule->name) &&
	       (by_name ? same_source_name(a, b) : !strcmp(one ?: "", other ?: ""));
}

/* Could no other one of @states be meant in place of @atom? */
static bool is_alone(const struct states *states, const struct atom *atom, bool by_name)
{
	size_t i;

	for (i = 0; i < states->n; i++)
		if (states->atoms[i] != atom && could_be_meant(states->atoms[i], atom, by_name))
			return false;
	return true;
}

/*
 * All users have changed, and refer to the same things in the same order. Among several variables
 * of one type, the order itself may have changed; and if a name still exists, it is another
 * variable's.
 */
bool is_renamed_in_changed(struct unit *original, struct unit *patched, const struct words *words,
			   const struct states *all_lost, const struct states *all_new,
			   struct atom *lost)
{
	bool by_name = different_functions(lost, lost->twin);

	return same_source_name(lost, lost->twin) == by_name && is_alone(all_lost, lost, by_name) &&
	       is_alone(all_new, lost->twin, by_name) &&
	       is_renamed_in_source(original, patched, words, lost, lost->twin) &&
	       same_as_twin(original, patched, lost) &&
	       may_be_in(original, patched, words, lost, lost->twin) &&
	       compare_users(original, patched, lost) == RELATED;
}
