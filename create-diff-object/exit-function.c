// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix in the order in which a module takes itself apart changes nothing but its
 * exit function, and ftrace can't redirect that one: __exit is notrace. But
 * it needs no redirecting. The kernel calls it by a pointer in struct module, and
 * the core can write another one there (kmod/exits.c).
 *
 * That is right if nothing else leads to the old one.
 */
#include <string.h>

#include "lib/klp-format.h"
#include "create-diff-object/passes.h"

struct atom *entry_point(const struct unit *unit, const char *symbol)
{
	const struct elf_symbol *s = elf_symbol_find(unit->elf, symbol);

	return s && s->section ? section_atom_at(s->section->priv, s->value) : NULL;
}

/*
 * module_exit() leaves a pointer behind, so that the compiler keeps the function; nobody reads it
 * (include/linux/module.h, ___ADDRESSABLE).
 */
static bool leads_there(struct atom *from, const struct reloc *reloc, const struct atom *exit)
{
	if (!reloc->to || atom_group(reloc->to) != exit || atom_group(from) == exit)
		return false;
	return atom_section_kind(from) != SECTION_BUILD &&
	       (atom_is_code(from) || atom_section_kind(from) != SECTION_EXIT);
}

bool is_exit_function(const struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	struct reloc *reloc;
	struct atom *from;

	if (atom != entry_point(unit, KLP_EXIT_FUNCTION))
		return false;
	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			atom_for_each_reloc(from, reloc)
				if (leads_there(from, reloc, atom))
					return false;
	return true;
}
