// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table of functions gets another name. Open files lead to it, and code asks for
 * it by its address: f_op == &eventfd_fops. Taken for a new table, it would be a
 * copy that no file of the running kernel has, and each of them would be refused.
 *
 * So a constant under another name is the running kernel's constant: if the same is
 * in it, new code uses the running kernel's; if not, it is a constant that has
 * changed, and whoever holds its address is looked for (KS106).
 *
 * That two constants are one is told by code that has the new one where it had the
 * old one, or by the source, which has lost the one name and gained the other.
 */
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-constants.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/renamed.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/variables.h"

/* The source has named it; what macros and the compiler make is paired by what is in it. */
static bool is_named_constant(const struct atom *atom)
{
	return is_constant(atom) && atom->symbol && atom->symbol->bind == STB_LOCAL &&
	       atom->declared && !atom->macro_made && !atom->starts_anew;
}

/* A static constant of a function that has another name itself has kept its own. */
static bool could_be_one(const struct words *words, const struct atom *lost, const struct atom *new)
{
	const char *was = lost->declared->function ?: "", *is = new->declared->function ?: "";

	return !lost->twin && !new->twin &&same_type(lost, new) &&
	       (!strcmp(was, is) || (same_source_name(lost, new) && words_renamed(words, was, is)));
}

static const char *source_name(const struct atom *atom)
{
	Dwarf_Die die = atom->declared->die;

	return dwarf_diename(&die) ?: "";
}

static bool is_renamed_in_source(const struct words *words, const struct atom *lost,
				 const struct atom *new)
{
	return words_renamed(words, source_name(lost), source_name(new));
}

static void pair(struct atom *lost, struct atom *new)
{
	lost->twin = new;
	new->twin = lost;
}

/* Nothing but the name differs; what they refer to may itself be renamed, and then it isn't known yet. */
static bool same_content(struct unit *original, struct unit *patched, struct atom *lost,
			 struct atom *new)
{
	bool same;

	pair(lost, new);
	same = same_as_twin(original, patched, lost);
	lost->twin = new->twin = NULL;
	return same;
}

/* What one piece of code, or a table, has where it had @lost. */
static struct atom *in_its_place(struct unit *original, const struct words *words,
				 const struct atom *lost)
{
	struct unit_section *s;
	struct atom *from, *new;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from) {
			new = from == lost ? NULL : now_used_by(lost, from);
			if (new &&is_named_constant(new) && could_be_one(words, lost, new))
				return new;
		}
	}
	return NULL;
}

/* The only one that @atom of the other unit could be, by the words of the source; NULL: none, or several. */
static struct atom *only_by_words(struct unit *unit, const struct atom *atom, bool atom_is_lost,
				  const struct words *words)
{
	struct unit_section *s;
	struct atom *other, *found = NULL;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, other) {
			if (!is_named_constant(other) || !could_be_one(words, atom, other) ||
			    !is_renamed_in_source(words, atom_is_lost ? atom : other,
						  atom_is_lost ? other : atom))
				continue;
			if (found)
				return NULL;
			found = other;
		}
	}
	return found;
}

static void pair_constant(struct unit *original, struct unit *patched, const struct words *words,
			  struct atom *lost)
{
	struct atom *new = in_its_place(original, words, lost);

	if (new && (is_renamed_in_source(words, lost, new) ||
		    same_content(original, patched, lost, new))) {
		pair(lost, new);
		return;
	}
	new = only_by_words(patched, lost, true, words);
	if (new &&only_by_words(original, new, false, words) == lost)
		pair(lost, new);
}

void pair_renamed_constants(struct unit *original, struct unit *patched, const struct words *words)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(original, s)
		section_for_each_atom(s, atom)
			if (!atom->twin && is_named_constant(atom))
				pair_constant(original, patched, words, atom);
}
