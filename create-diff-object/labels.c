// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GCC's labels as values: an interpreter stores addresses of places in its own
 * function, and jumps there:
 *
 *	static void *ops[] = { &&add, &&sub };
 *	goto *ops[op];
 *
 * If the function is replaced, each address that the old code has stored leads
 * into the old code: in a variable of the running kernel, in an object, or
 * passed to another function. The new code would jump into the middle of the
 * old one, with another stack frame.
 *
 * So a function that is replaced may have the addresses of its labels in
 * constants, which are copied with it, and in registers, as long as it only
 * jumps to them. It may store them anywhere if neither version of it jumps
 * through a pointer: then they are only printed, like _THIS_IP_.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/*
 * The function with the label that @reloc means. NULL for a reference from the function's own
 * entries.
 */
static struct atom *label_in(const struct atom *from, const struct reloc *reloc)
{
	const struct atom *to = reloc->to;

	if (!to || to->kind != ATOM_FUNCTION || !reloc->at || from->kind == ATOM_ENTRY ||
	    from->section->rule->kind == SECTION_BUILD ||
	    (uint64_t)reloc->at >= to->size) /* the end of the function */
		return NULL;
	return atom_group(reloc->to);
}

/* Does the code of @from only jump to a label, whose address it takes, or loads from a table? */
static bool only_jumps(struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	return atom_is_code(from) && unit->arch->only_jumps_to(unit, from, reloc);
}

/* Does only the function itself use this table of labels, and only to jump to them? */
static bool is_only_jumped_by(struct unit *unit, const struct atom *table,
			      const struct atom *function)
{
	unit_for_each_loaded_reloc(unit, at) {
		if (at.reloc->to != table)
			continue;
		if (!atom_is_code(at.from) || atom_group(at.from) != function ||
		    unit->arch->access_of(unit, at.from, at.reloc) == ACCESS_ADDRESS ||
		    !only_jumps(unit, at.from, at.reloc))
			return false;
	}
	return true;
}

/*
 * Does @from store the label of @function that @reloc means where other code would find it? @jumps:
 * a version of the function may jump there.
 */
static bool keeps_label(struct unit *unit, struct atom *from, const struct reloc *reloc,
			const struct atom *function, bool jumps)
{
	if (!atom_is_code(from))
		return atom_is_writable(from) || !is_only_jumped_by(unit, from, function);
	return (jumps || atom_group(from) != function) && !reloc_is_call(unit, from, reloc) &&
	       !only_jumps(unit, from, reloc);
}

static const struct atom *who_keeps(struct unit *unit, const struct atom *function, bool jumps)
{
	unit_for_each_reloc(unit, at)
		if (label_in(at.from, at.reloc) == function &&
		    keeps_label(unit, at.from, at.reloc, function, jumps))
			return at.from;
	return NULL;
}

/* Don't report that these tables have changed as well. */
static void mark_tables_refused(struct unit *patched, const struct atom *function)
{
	unit_for_each_reloc(patched, at)
		if (label_in(at.from, at.reloc) == function && at.from->kind == ATOM_DATA)
			at.from->refused = true;
}

static int refuse_if_kept(struct unit *original, struct unit *patched, struct atom *function,
			  struct diag *diag)
{
	bool jumps = original->arch->may_jump_anywhere(original, function->twin) ||
		     patched->arch->may_jump_anywhere(patched, function);
	const struct atom *from = who_keeps(original, function->twin, jumps)
					  ?: who_keeps(patched, function, jumps);
	struct diag_place place;

	if (!from)
		return 0;
	place = atom_place(patched, function);
	diag_error(diag, function->claim = "KS166", &place, "'%s'", atom_name(function));
	if (!atom_is_code(from))
		diag_detail(diag, "in '%s'", atom_name(from));
	mark_tables_refused(patched, function);
	return -EINVAL;
}

int refuse_kept_labels(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom_is_redirected(atom) && !atom->refused)
				err = refuse_if_kept(original, patched, atom, diag) ?: err;
	return err;
}
