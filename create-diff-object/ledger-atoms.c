// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the atoms that only one unit has, and the differences between twins in
 * content and place. ledger-names.c lists names, ledger-entries.c the entries
 * of special sections.
 */
#include <string.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/ledger-atoms.h"
#include "create-diff-object/ledger-compare.h"
#include "create-diff-object/ledger-add.h"

static bool is_listed(const struct atom *atom)
{
	return atom->kind != ATOM_ENTRY;
}

/*
 * The alignment that the section demands, which EXPORT_SYMBOL() and the like rely on. If the
 * section has several atoms, only the strictest is known, but not whose it is:
 * list_shared_alignment().
 */
static uint64_t alignment(const struct atom *atom)
{
	return atom->section->n_atoms == 1 ? atom->section->elf->align ?: 1 : 0;
}

static void list_twins(struct ledger *ledger, struct atom *original, struct atom *patched)
{
	const struct elf_section *was = original->section->elf, *is = patched->section->elf;
	struct ledger_entry entry = { .original = original,
				      .patched = patched,
				      .name = atom_name(patched) };

	if (!ledger_same_content(original, patched, WITH_ENDBR) ||
	    original->kind != patched->kind) {
		entry.differs = DIFFERS_CONTENT;
		ledger_add(ledger, entry);
	}
	if (strcmp(was->name, is->name)) {
		entry.differs = DIFFERS_SECTION;
		ledger_add(ledger, entry);
	}
	if (was->flags != is->flags || was->type != is->type || was->entsize != is->entsize) {
		entry.differs = DIFFERS_FLAGS;
		ledger_add(ledger, entry);
	}
	if (alignment(original) != alignment(patched) && alignment(original) &&
	    alignment(patched)) {
		entry.differs = DIFFERS_ALIGNMENT;
		ledger_add(ledger, entry);
	}
}

static void list_alone(struct ledger *ledger, const struct unit *unit, enum difference differs)
{
	bool came = differs == DIFFERS_CAME;
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (is_listed(atom) && !ledger_partner(atom))
				ledger_add(ledger,
					   (struct ledger_entry){ .differs = differs,
								  .name = atom_name(atom),
								  .original = came ? NULL : atom,
								  .patched = came ? atom : NULL });
}

/* If both are alone in their sections, list_twins() has compared the alignment. */
static bool is_alone(const struct unit_section *was, const struct unit_section *is)
{
	return was->n_atoms == 1 && is->n_atoms == 1 && is->atoms->twin == was->atoms &&
	       is_listed(is->atoms);
}

/* The strictest alignment has changed in a section of several variables, or of none. */
static void list_shared_alignment(struct ledger *ledger)
{
	struct unit_section *s;

	unit_for_each_section(ledger->patched, s) {
		struct elf_section *elf = elf_section_find(ledger->original->elf, s->elf->name);
		struct unit_section *was = elf ? elf->priv : NULL;

		if (!was || s->n_atoms < 1 || was->n_atoms < 1 ||
		    was->elf->align == s->elf->align || is_alone(was, s))
			continue;
		ledger_add(ledger, (struct ledger_entry){ .differs = DIFFERS_ALIGNMENT,
							  .name = s->elf->name,
							  .original = was->atoms,
							  .patched = s->atoms });
	}
}

void ledger_list_atoms(struct ledger *ledger)
{
	struct unit_section *s;
	struct atom *atom;

	list_alone(ledger, ledger->original, DIFFERS_WENT);
	list_alone(ledger, ledger->patched, DIFFERS_CAME);
	unit_for_each_section(ledger->patched, s)
		section_for_each_atom(s, atom)
			if (atom->twin && is_listed(atom))
				list_twins(ledger, atom->twin, atom);
	list_shared_alignment(ledger);
}
