// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Variables with a section attribute (read-mostly, per-CPU) share one section,
 * and the assembler writes references to local ones as "section + number". Then
 * "array + 4", the end of an array, looks like the variable after it, and
 * "array[i - 1]" begins at the variable before it.
 *
 * In the running kernel both are the same address, as long as the section is
 * laid out there as it is here. If it isn't, or if the variable is part of the
 * livepatch, a reference is unambiguous only if it accesses exactly one place,
 * or if the compiler has named the variable (kept-names.c).
 */
#include <errno.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static bool holds_variables(const struct unit_section *s)
{
	if (s->n_atoms < 2 || elf_section_is_code(s->elf))
		return false;
	switch (s->rule->kind) {
	case SECTION_DATA:
	case SECTION_CONST:
	case SECTION_PERCPU:
		return true;
	default:
		return false;
	}
}

/* Are both in the running kernel, at the same distance as here? */
static bool keep_their_distance(const struct atom *a, const struct atom *b)
{
	return a->twin && b->twin && !a->included && !b->included &&
	       a->twin->section == b->twin->section &&
	       a->offset - b->offset == a->twin->offset - b->twin->offset;
}

static bool may_be_end_of(const struct atom *before, const struct reloc *reloc)
{
	return !reloc->at && before->offset + before->size == reloc->to->offset;
}

/*
 * The neighbour that may be meant instead; NULL if there is no doubt, or if it makes no difference.
 */
static const struct atom *find_rival(const struct unit *unit, const struct atom *from,
				     const struct reloc *reloc)
{
	const struct atom *to = reloc->to, *first = to->section->atoms;
	const struct atom *before = to > first ? to - 1 : NULL;
	const struct atom *next_atom = to + 1 < first + to->section->n_atoms ? to + 1 : NULL;
	enum access access = ACCESS_ADDRESS;

	if (atom_is_code(from))
		access = unit->arch->access_of(unit, from, reloc);
	if (access == ACCESS_PLACE && reloc->at >= 0 && (uint64_t)reloc->at < to->size)
		return NULL;
	if (before && (access == ACCESS_ELEMENT || may_be_end_of(before, reloc)) &&
	    !keep_their_distance(before, to))
		return before;
	if (next_atom && access == ACCESS_ELEMENT && !keep_their_distance(next_atom, to))
		return next_atom;
	return NULL;
}

static void check_atom(struct unit *unit, struct atom *from, struct diag *diag)
{
	const struct atom *rival, *told = NULL;
	const struct reloc *reloc;
	struct diag_place place;

	atom_for_each_reloc(from, reloc) {
		if (!reloc->to || !reloc->by_section || reloc->to == told || reloc->to->refused ||
		    !holds_variables(reloc->to->section))
			continue;
		rival = find_rival(unit, from, reloc);
		if (!rival)
			continue;
		told = reloc->to;
		place = atom_place(unit, from);
		diag_error(diag, "KS127", &place, "'%s' or '%s' in section '%s'", atom_name(told),
			   atom_name(rival), rival->section->elf->name);
	}
}

int refuse_ambiguous(struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom->included)
				check_atom(patched, atom, diag);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
