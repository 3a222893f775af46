// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel newer than our table has sections that the table doesn't list. If
 * such a section refers to code, the kernel does something to that code, and in
 * a livepatch without the section the code would only look right.
 */
#include <errno.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static void refuse_if_about_included(struct unit *patched, struct atom *atom, struct diag *diag)
{
	struct reloc *reloc;
	struct diag_place place;

	atom_for_each_reloc(atom, reloc) {
		if (!reloc->to || !atom_is_code(reloc->to) || !reloc->to->included)
			continue;
		place = atom_place(patched, reloc->to);
		diag_error(diag, "KS110", &place, "section '%s' refers to '%s'",
			   atom->section->elf->name, atom_name(reloc->to));
		return;
	}
}

int keep_special_entries(struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s) {
		if (s->rule->kind != SECTION_UNKNOWN)
			continue;
		section_for_each_atom(s, atom)
			if (!atom->ignored && !atom->refused)
				refuse_if_about_included(patched, atom, diag);
	}
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
