// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A compound literal in the initialiser of a variable is a variable of its own,
 * which the compiler calls __compound_literal.5. The source gives it no name,
 * the debug information doesn't list it, and its number changes with every
 * literal above it. It is identified by its place: the same pointer of the same
 * variable leads to it.
 *
 * That holds only if both variables have their pointers at the same offsets. If
 * an element is inserted, those after it move; then none of them is paired.
 */
#include <string.h>

#include "lib/text.h"
#include "create-diff-object/passes.h"

#define LITERAL "__compound_literal."

static bool is_literal(const struct atom *atom)
{
	return atom && atom->kind == ATOM_DATA && atom->symbol && !atom->twin &&
	       str_starts(atom->symbol->name, LITERAL);
}

static bool has_pointers_at_same_places(const struct atom *a, const struct atom *b)
{
	if (a->size != b->size || a->n_relocs != b->n_relocs)
		return false;
	for (size_t i = 0; i < a->n_relocs; i++)
		if (a->relocs[i].offset - a->offset != b->relocs[i].offset - b->offset)
			return false;
	return true;
}

/*
 * Pair the literals that the pointers of @atom lead to, and in turn those that their pointers lead
 * to.
 */
static void pair_literals(struct atom *atom)
{
	const struct atom *original = atom->twin;

	if (!has_pointers_at_same_places(original, atom))
		return;
	for (size_t i = 0; i < atom->n_relocs; i++) {
		struct atom *a = original->relocs[i].to, *b = atom->relocs[i].to;

		if (!is_literal(a) || !is_literal(b) || a->size != b->size ||
		    atom_section_kind(a) != atom_section_kind(b))
			continue;
		a->twin = b;
		b->twin = a;
		pair_literals(b); /* each pair is made only once, so this ends */
	}
}

void correlate_literals(struct unit *patched)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom->kind == ATOM_DATA && atom->twin && !is_literal(atom))
				pair_literals(atom);
}
