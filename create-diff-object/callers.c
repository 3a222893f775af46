// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftrace can't redirect a function that the compiler made from a `static
 * inline` in a header: it is notrace. If such a function changes, perhaps only
 * because the compiler now knows more about its arguments, nothing would lead
 * to the new one.
 *
 * But if it is local, and is only ever called, then all its callers are in this
 * unit. Each of them is replaced, and calls a copy of the function: the
 * function is new, its callers have changed. They may be such functions too, so
 * this is repeated until the remaining ones can be redirected, or have to be
 * refused (KS102).
 *
 * The callers of a global function are in other units, too. kpatch-build knows
 * them. It lists the functions for which this holds (struct inputs: ->called),
 * and has the callers' units compared as well, though their source hasn't
 * changed.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

enum use { NO_USE, CALL, OTHER_USE };

/*
 * Exit code of vmlinux never runs. Its init code has run: the calls that it made have returned, but
 * an address that it took, or that is in a table of init data, may still be stored:
 *
 *	cpuhp_setup_state_nocalls(CPUHP_PERCPU_CNT_DEAD, …, percpu_counter_cpu_dead);
 */
static enum use use_by_builtin_init(const struct unit *unit, struct atom *from,
				    const struct reloc *reloc)
{
	if (atom_section_kind(atom_group(from)) == SECTION_EXIT)
		return NO_USE;
	return atom_is_code(from) && !reloc->at && reloc_is_call(unit, from, reloc) ? NO_USE
										    : OTHER_USE;
}

static bool cannot_run_again(const struct unit *unit, struct atom *code)
{
	enum section_kind kind = atom_section_kind(code);

	return unit->builtin && (kind == SECTION_INIT || kind == SECTION_EXIT);
}

/* How @reloc, which is part of @from, uses the function that it refers to. */
static enum use use_by(const struct unit *unit, struct atom *from, const struct reloc *reloc)
{
	struct atom *code = atom_group(from);

	if (from->section->rule->kind == SECTION_BUILD)
		return NO_USE;
	if (cannot_run_again(unit, code))
		return use_by_builtin_init(unit, from, reloc);
	if (!atom_is_code(from) || code->kind != ATOM_FUNCTION ||
	    atom_section_kind(code) != SECTION_CODE || reloc->at)
		return OTHER_USE;
	return reloc_is_call(unit, from, reloc) ? CALL : OTHER_USE;
}

static enum use use_of(const struct unit *unit, struct atom *from, const struct reloc *reloc,
		       const struct atom *function)
{
	if (!reloc->to || atom_group(reloc->to) != function || atom_group(from) == function)
		return NO_USE;
	return use_by(unit, from, reloc);
}

/* Call @found for each use of @function. Stop when it returns false, and return that. */
static bool for_each_use(struct unit *unit, const struct atom *function,
			 bool (*found)(struct atom *from, enum use use, const char *name))
{
	enum use use;

	unit_for_each_reloc(unit, at) {
		use = use_of(unit, at.from, at.reloc, function);
		if (use != NO_USE && !found(at.from, use, atom_name(function)))
			return false;
	}
	return true;
}

static bool is_only_called(struct atom *from, enum use use, const char *name)
{
	return use == CALL;
}

static void mark_changed(struct atom *from, const char *callee)
{
	struct atom *code = atom_group(from);

	if (!code->changed)
		code->leads_to = callee;
	for (; code; code = code->next_child)
		code->changed = !code->ignored;
}

static bool change_caller(struct atom *from, enum use use, const char *name)
{
	mark_changed(from, name);
	return true;
}

/* Callers elsewhere that use the other name would not be found. */
static bool has_other_global_name(const struct unit *unit, const struct atom *atom)
{
	const struct elf_symbol *symbol;

	elf_for_each_symbol(unit->elf, symbol)
		if (symbol != atom->symbol && symbol->section == atom->section->elf &&
		    symbol->bind != STB_LOCAL && symbol->value == atom->offset)
			return true;
	return false;
}

static bool callers_are_known(const struct unit *unit, const struct atom *atom,
			      const struct called *called)
{
	return (atom->symbol->bind == STB_LOCAL || is_called(called, atom->symbol->name)) &&
	       !has_other_global_name(unit, atom);
}

static bool needs_its_callers(const struct unit *unit, const struct atom *atom,
			      const struct called *called)
{
	return atom->kind == ATOM_FUNCTION && !atom->parent && atom->changed && atom->twin &&
	       !atom->twin->patchable && !atom->undecodable &&
	       atom_section_kind(atom) == SECTION_CODE && callers_are_known(unit, atom, called);
}

/* The original keeps its twin: it still exists, as unchanged code calls it. */
static void make_new(struct atom *function)
{
	for (; function; function = function->next_child) {
		function->changed = false;
		function->leads_to = NULL;
		function->twin = NULL;
	}
}

bool is_called(const struct called *called, const char *name)
{
	for (size_t i = 0; i < called->n; i++)
		if (!strcmp(called->names[i], name))
			return true;
	return false;
}

/*
 * @reloc refers to a function of another unit that is replaced by a new one: calls must lead to the
 * new one, but its address would remain the old one.
 */
static int redirect_reference(struct unit *unit, struct atom *from, const struct reloc *reloc,
			      struct diag *diag)
{
	enum use use = use_by(unit, from, reloc);
	struct diag_place place;

	if (use == CALL)
		mark_changed(from, reloc->symbol->name);
	if (use != OTHER_USE)
		return 0;
	place = atom_place(unit, atom_group(from));
	diag_error(diag, "KS102", &place, "'%s'", reloc->symbol->name);
	diag_detail(diag, "its address is used by '%s'", atom_name(atom_group(from)));
	return -EINVAL;
}

static int change_callers_of_others(struct unit *patched, const struct called *called,
				    struct diag *diag)
{
	const struct elf_symbol *symbol;
	int err = 0;

	unit_for_each_reloc(patched, at) {
		symbol = at.reloc->symbol;
		if (!at.reloc->to && symbol && !symbol->section && is_called(called, symbol->name))
			err = redirect_reference(patched, at.from, at.reloc, diag) ?: err;
	}
	return err;
}

int change_callers(struct unit *patched, const struct called *called, struct diag *diag)
{
	int err = change_callers_of_others(patched, called, diag);
	struct unit_section *s;
	struct atom *atom;
	bool again;

	do {
		again = false;
		unit_for_each_section(patched, s)
			section_for_each_atom(s, atom) {
				if (!needs_its_callers(patched, atom, called) ||
				    !for_each_use(patched, atom, is_only_called))
					continue;
				for_each_use(patched, atom, change_caller);
				make_new(atom);
				again = true;
			}
	} while (again);
	return err;
}
