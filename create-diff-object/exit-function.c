// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix of the order in which a module releases its resources changes only its
 * exit function. ftrace can't redirect that: __exit is notrace. But it needs no
 * redirection. The kernel calls it through a pointer in struct module, which
 * the core can set to another function (kmod/exits.c).
 *
 * That is right if nothing else refers to the old one.
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
 * module_exit() defines a pointer that makes the compiler keep the function; nothing reads it
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
	if (atom != entry_point(unit, KLP_EXIT_FUNCTION))
		return false;
	unit_for_each_reloc(unit, at)
		if (leads_there(at.from, at.reloc, atom))
			return false;
	return true;
}
