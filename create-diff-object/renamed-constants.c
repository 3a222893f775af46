// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table of functions gets another name. Open files refer to it, and code
 * compares its address: f_op == &eventfd_fops. If it counted as a new table, it
 * would be a copy that no file of the running kernel has, and the comparison
 * would fail for each of them.
 *
 * So a constant under another name is the running kernel's constant. If its
 * content is the same, new code uses the running kernel's. If not, it is a
 * constant that has changed, and pass constants.c looks for holders of its
 * address (KS106).
 *
 * That two constants are one is shown by code that has the new one in place of
 * the old one, or by the source, from which one name was removed and to which
 * the other was added.
 */
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-constants.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/renamed.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/variables.h"

/*
 * The source has named it. Constants made by macros and the compiler are paired by their content.
 */
static bool is_named_constant(const struct atom *atom)
{
	return is_constant(atom) && atom->symbol && atom->symbol->bind == STB_LOCAL &&
	       atom->declared && !atom->macro_made && !atom->starts_anew;
}

/* A static constant of a renamed function must have kept its own name. */
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

/*
 * Does nothing but the name differ? Things that they refer to may be renamed too, and not be known
 * yet.
 */
static bool same_content(struct unit *original, struct unit *patched, struct atom *lost,
			 struct atom *new)
{
	bool same;

	pair(lost, new);
	same = same_as_twin(original, patched, lost);
	lost->twin = new->twin = NULL;
	return same;
}

/* The constant that one piece of code, or a table, has in place of @lost. */
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

enum side { IS_LOST, IS_NEW };

/*
 * The only constant that @atom of the other unit could be, by the words of the source; NULL: none,
 * or several.
 */
static struct atom *only_by_words(struct unit *unit, const struct atom *atom, enum side side,
				  const struct words *words)
{
	struct unit_section *s;
	struct atom *other, *found = NULL;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, other) {
			if (!is_named_constant(other) || !could_be_one(words, atom, other) ||
			    !is_renamed_in_source(words, side == IS_LOST ? atom : other,
						  side == IS_LOST ? other : atom))
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
	new = only_by_words(patched, lost, IS_LOST, words);
	if (new &&only_by_words(original, new, IS_NEW, words) == lost)
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
