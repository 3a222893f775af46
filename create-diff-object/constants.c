// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A limit in a table is changed, and not one instruction of the functions that
 * look it up. They have changed all the same: each of them gets a copy with the
 * new table beside it.
 *
 * That is right as long as they only read from it. Who takes its address and
 * leaves it somewhere may have done so before, and what holds the pointer would
 * go on with the old table: then close_over_needed() refuses the change (KS106).
 */
#include "arch.h"
#include "passes.h"

static bool can_be_renewed(const struct atom *atom)
{
	return is_constant(atom) && atom->changed && atom->symbol &&
	       atom->symbol->bind == STB_LOCAL;
}

bool only_reads(struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	return unit->arch->access_of(unit, from, reloc) != ACCESS_ADDRESS ||
	       unit->arch->only_reads(unit, from, reloc);
}

/* Does the code that @from is part of change anyway, or can it? */
static bool can_change(struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	const struct atom *code = atom_group(from);

	if (code->kind != ATOM_FUNCTION)
		return false;
	if (code->changed || !code->twin)
		return true;
	return atom_section_kind(code) == SECTION_CODE && !code->ignored && !code->undecodable &&
	       only_reads(unit, from, reloc);
}

/* Call @found for each reference to @constant; false as soon as it says so. */
static bool for_each_use(struct unit *unit, const struct atom *constant,
			 bool (*found)(struct unit *unit, struct atom *from,
				       const struct reloc *reloc))
{
	struct unit_section *s;
	struct reloc *reloc;
	struct atom *from;

	unit_for_each_section(unit, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from)
			atom_for_each_reloc(from, reloc)
				if (reloc->to == constant && !found(unit, from, reloc))
					return false;
	}
	return true;
}

static bool mark_changed(struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	struct atom *code = atom_group(from);

	if (code->twin)
		for (; code; code = code->next_child)
			code->changed = true;
	return true;
}

void change_readers(struct unit *patched)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (can_be_renewed(atom) && for_each_use(patched, atom, can_change))
				for_each_use(patched, atom, mark_changed);
}
