// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function can have several names: SYSCALL_DEFINE0() makes three of them, GCC folds static
 * functions and constants that are the same, and the author can write alias("…"). In the running
 * kernel they are one address. Livepatch redirects that address, and so all names of it, to one
 * new function.
 *
 * If the patched source gives one of the names to another function, the callers of that name have
 * to reach other code than the callers of the rest. Those in this unit can be replaced. Those
 * elsewhere can't be, so that the diff is refused: unless both are the same code.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "lib/klp-format.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* A name of the original unit, what it is for there, and what it is for in the patched unit. */
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

/* The compiler's own names (count.5) are no aliases, and may be other variables' by now. */
static bool is_name_for_good(const struct elf_symbol *symbol)
{
	return !symbol_is_static_local(symbol) && !name_is_counted(symbol->name);
}

/*
 * Does @name lead to the twin of @from in @patched? If so, or if there is no such name, this is
 * NULL; else what it leads to. Templates and included files give several static functions one
 * name: then one of them may be the twin.
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

/* Is @symbol an alias, in one of the units, that leads to something else in the patched one? */
static bool has_moved(const struct elf_symbol *symbol, const struct unit *patched,
		      struct moved_name *moved)
{
	struct atom *from = atom_named(symbol), *to;

	if (!from || !is_name_for_good(symbol))
		return false;
	to = other_place(symbol->name, from, patched);
	if (!to || (symbol == from->symbol && !strcmp(atom_name(to), symbol->name)))
		return false;
	*moved = (struct moved_name){ symbol, from, to };
	return true;
}

/* Call @is for all references to @atom in its unit: true if it says so of each. */
static bool all_uses_are(struct unit *unit, const struct atom *atom,
			 bool (*is)(struct unit *unit, struct atom *from,
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
				if (reloc->to == atom && atom_group(from) != atom &&
				    !is(unit, from, reloc))
					return false;
	}
	return true;
}

static bool is_call(struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	return atom_is_code(from) && reloc_is_call(unit, from, reloc);
}

/* Does whoever uses the name find other code there, as livepatch redirects it? */
static bool is_redirected(const struct atom *original)
{
	return original->twin && original->twin->twin == original && original->twin->changed;
}

/* Those who use the name for what it is for now: have they what they should have? */
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
 * Are all that use the name in this unit? They are compared by what they refer to, so that those
 * that mean the other one now have changed.
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

/* gone.c compares what the module loader calls. */
static bool is_entry_point(const struct elf_symbol *symbol)
{
	return !strcmp(symbol->name, "init_module") || !strcmp(symbol->name, KLP_EXIT_FUNCTION);
}

static void refuse(struct unit *patched, const struct moved_name *moved, struct diag *diag)
{
	struct diag_place place = atom_place(patched, moved->to);
	bool constant = moved->symbol->bind == STB_LOCAL && is_constant(moved->from) &&
			/* that others have a pointer to: only_unit_uses() */
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
