// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function has changed, and the same diff may have renamed a variable that it
 * uses. If the code refers to the same things in the same order, with the new
 * name in place of the old one, then the change is a number, a condition or an
 * order of instructions, but the code works on the same things.
 */
#include "create-diff-object/passes.h"

/* A jump within a function leads to another offset once anything in it has changed. */
static bool is_of_group(struct atom *atom, struct atom *group)
{
	return atom && atom_is_code(atom) && atom_group(atom) == group;
}

static bool same_references(struct atom *a, struct atom *b, struct atom *group)
{
	size_t i;

	if (a->n_relocs != b->n_relocs)
		return false;
	for (i = 0; i < a->n_relocs; i++)
		if (!means_the_same(&a->relocs[i], &b->relocs[i]) &&
		    !(is_of_group(a->relocs[i].to, group) &&
		      is_of_group(b->relocs[i].to, group->twin)))
			return false;
	return true;
}

static struct atom *next_compared(struct atom *entry)
{
	while (entry && entry->section->rule->derived)
		entry = entry->next_entry;
	return entry;
}

static bool same_lists(struct atom *a, struct atom *b, struct atom *group)
{
	struct atom *x = next_compared(a->entries), *y = next_compared(b->entries);

	for (; x && y; x = next_compared(x->next_entry), y = next_compared(y->next_entry))
		if (x->section->rule != y->section->rule || !same_references(x, y, group))
			return false;
	return !x && !y;
}

bool refers_as_before(struct atom *code)
{
	struct atom *a = code, *b = code->twin;

	if (!atom_is_code(code))
		return false;
	for (; a && b; a = a->next_child, b = b->next_child)
		if (!same_references(a, b, code) || !same_lists(a, b, code))
			return false;
	return !a && !b;
}
