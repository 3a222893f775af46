// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix frees later what it freed at once:
 *
 *	call_rcu(&entry->rcu, entry_free_rcu);
 *
 * If the kernel has the function, it is called through its original, which
 * stays whatever happens to the livepatch. But entry_free_rcu() is new: it
 * exists only as long as the livepatch's module, and code that was given its
 * address may call it later than that. The kernel's transition looks at tasks,
 * not at timers, works and tables of callbacks.
 *
 * Whether an address is kept can't be seen here: most functions that are given
 * one call it at once (sort(), stop_machine()). So the author is told where to
 * look.
 */
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static bool is_new_function(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && atom->included && !atom->twin && !atom->parent;
}

/*
 * Entries about code give no address to other code, nor do pointers that only livepatch itself
 * calls. The module loader forgets lists of a module with the module.
 */
static bool may_give_away(const struct atom *from)
{
	return from->included && !from->refused && !from->owner &&
	       (from->kind == ATOM_FUNCTION || from->kind == ATOM_DATA) &&
	       atom_section_kind(from) != SECTION_AUTHOR &&
	       atom_section_kind(from) != SECTION_BUILD && !from->section->rule->copied;
}

static bool passes_address(const struct unit *unit, struct atom *from, const struct atom *function)
{
	const struct reloc *reloc;

	if (!may_give_away(from) || atom_group(from) == function)
		return false;
	atom_for_each_reloc(from, reloc)
		if (reloc->to && atom_group(reloc->to) == function &&
		    !(atom_is_code(from) && reloc_is_call(unit, from, reloc)))
			return true;
	return false;
}

static struct atom *first_passing_code(const struct unit *unit, const struct atom *function)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			if (passes_address(unit, from, function))
				return atom_group(from);
	return NULL;
}

void warn_of_given_away(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom, *giver;

	unit_for_each_section(patched, s) {
		section_for_each_atom(s, atom) {
			struct diag_place place;

			giver = is_new_function(atom) ? first_passing_code(patched, atom) : NULL;
			if (!giver)
				continue;
			place = atom_place(patched, giver);
			diag_warning(diag, "KS147", &place, "'%s'", atom_name(atom));
		}
	}
}
