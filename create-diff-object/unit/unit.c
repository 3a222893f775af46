// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers the questions about an atom that need the model of its unit: see
 * unit.h.
 */
#include <string.h>

#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/names.h"

struct atom *section_atom_at(const struct unit_section *s, int64_t offset)
{
	size_t low = 0, high = s->n_atoms;

	if (!s->n_atoms)
		return NULL;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if ((int64_t)s->atoms[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return &s->atoms[low];
}

bool is_constant(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && !atom_is_writable(atom) &&
	       (atom_section_kind(atom) == SECTION_CONST || atom_is_btf_set(atom));
}

bool atom_is_copied(const struct atom *atom)
{
	const struct reloc *reloc;

	if (!atom->section->rule->copied || atom->kind != ATOM_DATA || !atom->n_relocs)
		return false;
	atom_for_each_reloc(atom, reloc)
		if (!reloc->to || reloc->to->twin)
			return false;
	return true;
}

bool atom_is_btf_set(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && atom->symbol && name_is_of_btf_set(atom->symbol->name);
}

bool atom_is_state(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && atom->symbol && atom->size && atom_is_writable(atom) &&
	       !atom->macro_made &&
	       (atom_section_kind(atom) == SECTION_DATA ||
		atom_section_kind(atom) == SECTION_PERCPU);
}

bool same_lifetime(const struct atom *a, const struct atom *b)
{
	return (atom_section_kind(a) == SECTION_INIT) == (atom_section_kind(b) == SECTION_INIT);
}

bool unit_next_reloc(const struct unit *unit, struct reloc_place *at)
{
	for (; at->next_section < unit->n_sections; at->next_section++, at->next_atom = 0) {
		const struct unit_section *s = &unit->sections[at->next_section];

		if (at->loaded && s->rule->kind == SECTION_BUILD)
			continue;
		for (; at->next_atom < s->n_atoms; at->next_atom++, at->next_reloc = 0) {
			at->from = &s->atoms[at->next_atom];
			if (at->next_reloc < at->from->n_relocs) {
				at->reloc = &at->from->relocs[at->next_reloc++];
				return true;
			}
		}
	}
	return false;
}
