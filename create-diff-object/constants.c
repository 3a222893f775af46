// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A limit in a table is changed, and not one instruction of the functions that
 * look it up. They have changed all the same: each of them gets a copy with the
 * new table beside it.
 *
 * That is right as long as they only read from it. Who takes its address and
 * leaves it somewhere may have done so before, and what holds the pointer would
 * go on with the old table: then close_over_needed() refuses the change (KS106).
 *
 * The function that gave the table away may be gone from the patched unit, or give it no more. What
 * the running kernel's function gave to others they still have, so the original is asked as well.
 */
#include <errno.h>
#include <string.h>

#include "arch.h"
#include "passes.h"
#include "places.h"

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

/* "foo" and "foo.isra.0" are one function of the source. */
static bool has_same_source_name(const struct atom *a, const struct atom *b)
{
	size_t n;

	if (!a->symbol || !b->symbol)
		return false;
	n = strcspn(a->symbol->name, ".");
	return n == strcspn(b->symbol->name, ".") && !strncmp(a->symbol->name, b->symbol->name, n);
}

/* Does the code or data of the patched unit that @giver has become still leave @constant somewhere? */
static bool still_gives(struct unit *patched, const struct atom *giver, const struct atom *constant)
{
	struct unit_section *s;
	struct reloc *reloc;
	struct atom *from, *group;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, from)
			atom_for_each_reloc(from, reloc) {
				group = atom_group(from);
				if (reloc->to == constant &&
				    (giver->twin ? group == giver->twin
						 : has_same_source_name(group, giver)) &&
				    !(atom_is_code(from) && only_reads(patched, from, reloc)))
					return true;
			}
	return false;
}

/* A changed constant, whose holders are looked at in its turn; or a variable: KS104. */
static bool is_judged_by_itself(const struct atom *holder)
{
	return holder->kind == ATOM_DATA && holder->twin &&
	       (holder->twin->changed || holder->twin->refused || atom_is_writable(holder));
}

/* What has left the address of @constant somewhere in the running kernel only; NULL: nothing. */
static const struct atom *former_giver(struct unit *original, struct unit *patched,
				       const struct atom *constant)
{
	struct unit_section *s;
	struct reloc *reloc;
	struct atom *from;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from)
			atom_for_each_reloc(from, reloc)
				if (reloc->to == constant->twin &&
				    !(atom_is_code(from) && only_reads(original, from, reloc)) &&
				    !is_judged_by_itself(atom_group(from)) &&
				    !still_gives(patched, atom_group(from), constant))
					return atom_group(from);
	}
	return NULL;
}

static int refuse_if_given(struct unit *original, struct unit *patched, struct atom *constant,
			   struct diag *diag)
{
	const struct atom *giver = former_giver(original, patched, constant);
	struct diag_place place;

	if (!giver)
		return 0;
	place = atom_place(patched, constant);
	diag_error(diag, constant->claim = "KS106", &place, "'%s'", atom_name(constant));
	place = atom_place(original, giver);
	if (place.line)
		diag_detail(diag, "given to others by the running kernel's %s (%s:%u)",
			    atom_name(giver), place.file, place.line);
	else
		diag_detail(diag, "given to others by the running kernel's %s", atom_name(giver));
	constant->refused = true;
	return -EINVAL;
}

int change_readers(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			if (!can_be_renewed(atom))
				continue;
			if (atom->twin && refuse_if_given(original, patched, atom, diag))
				err = -EINVAL;
			else if (for_each_use(patched, atom, can_change))
				for_each_use(patched, atom, mark_changed);
		}
	return err;
}
