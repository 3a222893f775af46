// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftrace can't redirect what the compiler made of a `static inline` in a header:
 * it is notrace. When such a function changes, perhaps only because the compiler
 * now knows its arguments better, nothing would lead to the new one.
 *
 * But if it is local, and only ever called, then its callers are all here. Each
 * of them is replaced, and calls a copy of its own: the function is new, its
 * callers have changed. They may be such functions too, so this goes on until
 * those that remain can be redirected, or can't be helped (KS102).
 */
#include "arch.h"
#include "passes.h"

/* Init code of vmlinux has run, and exit code of it never will. */
static bool runs_no_more(const struct unit *unit, struct atom *code)
{
	enum section_kind kind = atom_section_kind(code);

	return unit->builtin && (kind == SECTION_INIT || kind == SECTION_EXIT);
}

enum use { NO_USE, CALL, OTHER_USE };

/* What @reloc, which lies in @from, does with @function. */
static enum use use_of(const struct unit *unit, struct atom *from, const struct reloc *reloc,
		       const struct atom *function)
{
	struct atom *code = atom_group(from);

	if (!reloc->to || atom_group(reloc->to) != function || code == function ||
	    from->section->rule->kind == SECTION_BUILD || runs_no_more(unit, code))
		return NO_USE;
	if (!atom_is_code(from) || code->kind != ATOM_FUNCTION ||
	    atom_section_kind(code) != SECTION_CODE || reloc->at)
		return OTHER_USE;
	return unit->arch->is_call(from, reloc) ? CALL : OTHER_USE;
}

/* Call @found for each use of @function; stops when it returns false. */
static bool for_each_use(struct unit *unit, const struct atom *function,
			 bool (*found)(struct atom *from, enum use use))
{
	struct unit_section *s;
	struct reloc *reloc;
	struct atom *from;
	enum use use;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			atom_for_each_reloc(from, reloc) {
				use = use_of(unit, from, reloc, function);
				if (use != NO_USE && !found(from, use))
					return false;
			}
	return true;
}

static bool is_only_called(struct atom *from, enum use use)
{
	return use == CALL;
}

static bool mark_changed(struct atom *from, enum use use)
{
	struct atom *code;

	for (code = atom_group(from); code; code = code->next_child)
		code->changed = !code->ignored;
	return true;
}

static bool needs_its_callers(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && !atom->parent && atom->changed && atom->twin &&
	       !atom->twin->patchable && !atom->undecodable &&
	       atom_section_kind(atom) == SECTION_CODE && atom->symbol->bind == STB_LOCAL;
}

/* The original keeps its twin: it isn't gone, what isn't changed still calls it. */
static void make_new(struct atom *function)
{
	for (; function; function = function->next_child) {
		function->changed = false;
		function->twin = NULL;
	}
}

void change_callers(struct unit *patched)
{
	struct unit_section *s;
	struct atom *atom;
	bool again;

	do {
		again = false;
		unit_for_each_section(patched, s)
			section_for_each_atom(s, atom) {
				if (!needs_its_callers(atom) ||
				    !for_each_use(patched, atom, is_only_called))
					continue;
				for_each_use(patched, atom, mark_changed);
				make_new(atom);
				again = true;
			}
	} while (again);
}
