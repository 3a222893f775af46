// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff changes a limit in a table, and no instruction of the functions that
 * use it. They count as changed nevertheless: each of them gets a copy, which
 * uses the new table.
 *
 * That is right as long as they only read the table. A function that takes its
 * address and stores it somewhere may have done so before the livepatch, and
 * the holder of the pointer would continue with the old table. Then
 * close_over_needed() refuses the change (KS106).
 *
 * In the patched unit, that function may be gone, may no longer give the table
 * away, or may have changed and give the new one away. But others still have
 * what the running kernel's function gave them, so the original unit is
 * searched as well.
 */
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* Constants whose address is stored, but by nothing that outlives one call. */
static const struct {
	const char *name;
	const char *reason;
} short_lived[] = {
	{ "__msg", "NL_SET_ERR_MSG(): netlink copies the message into the answer to the request" },
	{ "__func__", "a function's name, for a message" },
};

static bool is_short_lived(const struct atom *constant)
{
	for (size_t i = 0; i < ARRAY_SIZE(short_lived); i++)
		if (!name_compare(constant->symbol->name, short_lived[i].name))
			return true;
	return false;
}

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

/* Does the function that contains @from change anyway, or can it be replaced? */
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

/* Call @found for each reference to @constant. Stop when it returns false, and return that. */
static bool for_each_use(struct unit *unit, const struct atom *constant,
			 bool (*found)(struct unit *unit, struct atom *from,
				       const struct reloc *reloc))
{
	unit_for_each_loaded_reloc(unit, at)
		if (at.reloc->to == constant && !found(unit, at.from, at.reloc))
			return false;
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

/*
 * Does the patched version of @giver still give @constant away? If it isn't replaced,
 * close_over_needed() refuses it. If it is, it gives the new constant away, but has given the old
 * one.
 */
static bool still_gives(struct unit *patched, const struct atom *giver, const struct atom *constant)
{
	if (!giver->twin || (atom_is_code(giver) && giver->twin->changed))
		return false;
	unit_for_each_reloc(patched, at)
		if (at.reloc->to == constant && atom_group(at.from) == giver->twin &&
		    !(atom_is_code(at.from) && only_reads(patched, at.from, at.reloc)))
			return true;
	return false;
}

/* A changed constant, whose own holders are checked separately, or a variable: KS104. */
static bool is_judged_by_itself(const struct atom *holder)
{
	return holder->kind == ATOM_DATA && holder->twin &&
	       (holder->twin->changed || holder->twin->refused || atom_is_writable(holder));
}

/*
 * The code or data that gave the address of @constant away in the running kernel only; NULL: none.
 */
static const struct atom *find_passing_code(struct unit *original, struct unit *patched,
					    const struct atom *constant)
{
	unit_for_each_loaded_reloc(original, at)
		if (at.reloc->to == constant->twin &&
		    !(atom_is_code(at.from) && only_reads(original, at.from, at.reloc)) &&
		    !is_judged_by_itself(atom_group(at.from)) &&
		    !still_gives(patched, atom_group(at.from), constant))
			return atom_group(at.from);
	return NULL;
}

static int refuse_if_given(struct unit *original, struct unit *patched, struct atom *constant,
			   struct diag *diag)
{
	const struct atom *giver = find_passing_code(original, patched, constant);
	struct diag_place place;

	if (!giver)
		return 0;
	place = atom_place(patched, constant);
	diag_error(diag, constant->claim = "KS106", &place, "'%s'", atom_name(constant));
	place = atom_place(original, giver);
	if (place.line)
		diag_detail(diag, "the running kernel's %s (%s:%u) passes its address on",
			    atom_name(giver), place.file, place.line);
	else
		diag_detail(diag, "the running kernel's %s passes its address on",
			    atom_name(giver));
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
			if (atom->twin && !is_short_lived(atom) &&
			    refuse_if_given(original, patched, atom, diag))
				err = -EINVAL;
			else if (for_each_use(patched, atom, can_change))
				for_each_use(patched, atom, mark_changed);
		}
	return err;
}
