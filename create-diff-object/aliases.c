// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function can have several names: SYSCALL_DEFINE0() makes three of them, GCC
 * folds identical static functions and constants, and the author can write
 * alias("…"). In the running kernel these names are one address. Livepatch
 * redirects that address, and with it all of its names, to one new function.
 *
 * If the patched source gives one of the names to another function, the callers
 * of that name have to reach other code than the callers of the other names.
 * Callers in this unit can be replaced, callers in other units can't. So the
 * diff is refused, unless both functions have the same code.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "lib/klp-format.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* A name of the original unit, the atom that has it there, and the one in the patched unit. */
struct moved_name {
	const struct elf_symbol *symbol;
	struct atom *from, *to;
};

static struct atom *atom_named(const struct elf_symbol *symbol)
{
	struct atom *atom;

	if (!symbol->section || !symbol_is_alias(symbol))
		return NULL;
	atom = section_atom_at(symbol->section->priv, symbol->value);
	if (!atom || atom->offset != symbol->value ||
	    (atom->kind != ATOM_FUNCTION && atom->kind != ATOM_DATA))
		return NULL;
	return atom;
}

/* Names made by the compiler (count.5) are not aliases, and may belong to other variables now. */
static bool is_fixed_name(const struct elf_symbol *symbol)
{
	return !symbol_is_static_local(symbol) && !name_is_counted(symbol->name);
}

/*
 * Return the atom that @name refers to in @patched; NULL if that is the twin of @from, or if there
 * is no such name. Templates and included files give several static functions one name: any of them
 * may be the twin.
 */
static struct atom *other_place(const char *name, const struct atom *from,
				const struct unit *patched)
{
	const struct elf_symbol *first = elf_symbol_find(patched->elf, name), *symbol;
	struct atom *to = first ? atom_named(first) : NULL;

	if (!first || (to && from->twin == to))
		return NULL;
	elf_for_each_symbol(patched->elf, symbol) {
		struct atom *atom = strcmp(symbol->name, name) ? NULL : atom_named(symbol);

		if (atom && from->twin == atom)
			return NULL;
		to = to ?: atom;
	}
	return to;
}

/* Is @symbol a name of an atom of the original that refers to another one in the patched unit? */
static bool has_moved(const struct elf_symbol *symbol, const struct unit *patched,
		      struct moved_name *moved)
{
	struct atom *from = atom_named(symbol), *to;

	if (!from || !is_fixed_name(symbol))
		return false;
	to = other_place(symbol->name, from, patched);
	if (!to || (symbol == from->symbol && !strcmp(atom_name(to), symbol->name)))
		return false;
	*moved = (struct moved_name){ symbol, from, to };
	return true;
}

/* Call @is for all references to @atom in its unit. True if it returns true for each. */
static bool all_uses_are(struct unit *unit, const struct atom *atom,
			 bool (*is)(struct unit *unit, struct atom *from,
				    const struct reloc *reloc))
{
	unit_for_each_loaded_reloc(unit, at)
		if (at.reloc->to == atom && atom_group(at.from) != atom &&
		    !is(unit, at.from, at.reloc))
			return false;
	return true;
}

static bool is_call(struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	return atom_is_code(from) && reloc_is_call(unit, from, reloc);
}

/* Does livepatch redirect the users of the original to other code? */
static bool is_redirected(const struct atom *original)
{
	return original->twin && original->twin->twin == original && original->twin->changed;
}

/* Do the users of the name elsewhere get what the patched source gives them? */
static bool leads_to_same(struct unit *original, struct unit *patched,
			  const struct moved_name *moved)
{
	if (moved->from->kind != moved->to->kind || is_redirected(moved->from))
		return false;
	if (moved->from->kind == ATOM_FUNCTION)
		return same_code(moved->from, moved->to);
	return !atom_is_writable(moved->from) && !atom_is_writable(moved->to) &&
	       same_data(original, moved->from, patched, moved->to);
}

/*
 * Are all users of the name in this unit? They are compared by what they refer to, so those that
 * now refer to the other atom have changed.
 */
static bool only_unit_uses(struct unit *original, const struct moved_name *moved)
{
	if (moved->symbol->bind != STB_LOCAL || moved->from->kind != moved->to->kind)
		return false;
	if (moved->from->kind == ATOM_FUNCTION)
		return all_uses_are(original, moved->from, is_call);
	return !atom_is_writable(moved->from) && !atom_is_writable(moved->to) &&
	       all_uses_are(original, moved->from, only_reads);
}

/* gone.c compares the functions that the module loader calls. */
static bool is_entry_point(const struct elf_symbol *symbol)
{
	return !strcmp(symbol->name, "init_module") || !strcmp(symbol->name, KLP_EXIT_FUNCTION);
}

static void refuse(struct unit *patched, const struct moved_name *moved, struct diag *diag)
{
	struct diag_place place = atom_place(patched, moved->to);
	bool constant = moved->symbol->bind == STB_LOCAL && is_constant(moved->from) &&
			/* other code has a pointer to it: only_unit_uses() */
			is_constant(moved->to);

	moved->to->claim = moved->from->claim = constant ? "KS106" : "KS165";
	diag_error(diag, moved->to->claim, &place, "'%s'", moved->symbol->name);
	diag_detail(diag, "it is '%s' in the running kernel", atom_name(moved->from));
	diag_detail(diag, "and '%s' in the patched source", atom_name(moved->to));
}

int refuse_moved_names(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct moved_name moved = { 0 };
	const struct elf_symbol *symbol;

	elf_for_each_symbol(original->elf, symbol)
		if (!is_entry_point(symbol) && has_moved(symbol, patched, &moved) &&
		    !leads_to_same(original, patched, &moved) && !only_unit_uses(original, &moved))
			refuse(patched, &moved, diag);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
