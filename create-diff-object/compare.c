// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What same.c finds to be different is a change. Either a livepatch can make it,
 * or this pass refuses it and says where it is.
 */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/same.h"

static bool changes_kind(const struct atom *atom)
{
	const struct atom *twin = atom->twin;

	if (atom->kind == ATOM_FUNCTION)
		return false;
	return atom_is_writable(atom) != atom_is_writable(twin) || becomes_other_memory(atom) ||
	       (atom_section_kind(atom) == SECTION_PERCPU) !=
		       (atom_section_kind(twin) == SECTION_PERCPU);
}

static void compare_function(struct unit *original, struct unit *patched, struct atom *atom,
			     struct diag *diag)
{
	struct diag_place place;

	atom->changed = !same_code(atom->twin, atom);
	if (!atom->changed)
		return;
	if (atom_section_kind(atom) == SECTION_INIT) {
		place = atom_place(patched, atom);
		diag_error(diag, atom->claim = "KS103", &place, "'%s'", atom_name(atom));
		atom->changed = false;
	} else if (atom_section_kind(atom) == SECTION_EXIT) {
		atom->is_exit = is_exit_function(patched, atom) &&
				is_exit_function(original, atom->twin);
		if (atom->is_exit)
			return;
		place = atom_place(patched, atom);
		diag_error(diag, atom->claim = "KS124", &place, "'%s'", atom_name(atom));
		atom->changed = false;
	} else {
		refuse_changed_signature(original, patched, atom, diag);
	}
}

static void compare_data(struct unit *original, struct unit *patched, struct atom *atom,
			 struct diag *diag)
{
	struct atom *twin = atom->twin;
	struct diag_place place;
	const char *code = NULL;

	atom->changed = !same_data(original, twin, patched, atom);
	if (!atom->changed)
		return;
	switch (atom_section_kind(atom)) {
	case SECTION_REGISTRATION:
		if (exported_by(patched, atom)) {
			/* a change in who may use the symbol: the ledger warns */
			atom->changed = false;
			return;
		}
		code = is_constant(atom) ? NULL : "KS109";
		break;
	case SECTION_INIT:
	case SECTION_EXIT:
		code = "KS103";
		break;
	case SECTION_UNKNOWN:
		code = "KS110";
		break;
	default:
		if (atom_is_writable(atom))
			code = atom->size != twin->size || has_to_move(twin, atom) ? "KS105"
										   : "KS104";
	}
	if (!code)
		return; /* a constant: close_over_needed() finds its users */
	atom->claim = code;
	place = atom_place(patched, atom);
	if (atom->size != twin->size)
		diag_error(diag, code, &place, "'%s' (%llu bytes, was %llu)", atom_name(atom),
			   (unsigned long long)atom->size, (unsigned long long)twin->size);
	else if (has_to_move(twin, atom))
		diag_error(diag, code, &place, "'%s' (aligned to %llu bytes, was %llu)",
			   atom_name(atom), (unsigned long long)comparable_alignment(atom, twin),
			   (unsigned long long)comparable_alignment(twin, atom));
	else
		diag_error(diag, code, &place, "'%s'", atom_name(atom));
	tell_users(patched, atom, NULL, diag);
	atom->changed = false; /* reported; don't report errors that follow from it */
}

const struct atom *exported_by(const struct unit *unit, const struct atom *atom)
{
	const char *name = atom->symbol ? name_exported(atom->symbol->name) : NULL;
	struct elf_symbol *symbol = name ? elf_symbol_find(unit->elf, name) : NULL;

	return symbol && symbol->section ? section_atom_at(symbol->section->priv, symbol->value)
					 : NULL;
}

static void compare_new_trace_string(struct unit *patched, struct atom *atom, struct diag *diag)
{
	struct atom *user = first_user(patched, atom);
	struct diag_place place = atom_place(patched, user ?: atom);

	if (!user)
		return; /* the event isn't part of the configuration */
	atom->claim = "KS182";
	diag_error(diag, atom->claim, &place, "'%s'", atom_name(user));
}

static void compare_new(struct unit *patched, struct atom *atom, struct diag *diag)
{
	struct diag_place place;
	const struct atom *exported;

	if (!atom->symbol && atom->kind != ATOM_DATA)
		return;
	if (atom_section_kind(atom) != SECTION_REGISTRATION &&
	    atom_section_kind(atom) != SECTION_UNKNOWN)
		return;
	if (atom_is_btf_set(atom))
		return; /* it is included if code reads it */
	if (atom_is_copied(atom))
		return; /* it is included if what it is about is */
	atom->refused = true;
	if (is_trace_string(atom)) {
		compare_new_trace_string(patched, atom, diag);
		return;
	}
	exported = exported_by(patched, atom);
	if (exported && exported->moved_from &&
	    name_is_exported(exported->moved_from->elf, atom_name(exported->twin)))
		return; /* the running kernel exports it already */
	if (exported) {
		/*
		 * the livepatch's other objects find it without the export; kpatch-build checks
		 * that none is lost
		 */
		place = atom_place(patched, exported);
		diag_warning(diag, "KS108", &place, "'%s'", atom_name(exported));
		return;
	}
	place = atom_place(patched, atom);
	atom->claim = atom_section_kind(atom) == SECTION_UNKNOWN ? "KS110" : "KS109";
	diag_error(diag, atom->claim, &place, "'%s' in section '%s'", atom_name(atom),
		   atom->section->elf->name);
}

/* vmlinux is never unloaded, and the linker may have dropped its exit code. */
static bool never_runs(const struct unit *unit, const struct atom *atom)
{
	return unit->builtin && atom_section_kind(atom) == SECTION_EXIT;
}

/* A callback can't make a variable larger. */
static bool can_be_left_out(const struct atom *atom)
{
	return atom->kind != ATOM_DATA || !atom->twin || atom->size == atom->twin->size ||
	       (atom_section_kind(atom) != SECTION_DATA &&
		atom_section_kind(atom) != SECTION_PERCPU);
}

/* The author leaves @atom out, or the kernel doesn't use it. */
static void report_ignored(struct unit *original, struct unit *patched, struct atom *atom,
			   struct diag *diag)
{
	struct diag_place place;

	if (atom->parent)
		return;
	original = unit_of_twin(atom, original);
	if (atom->twin &&
	    (atom->kind == ATOM_FUNCTION ? same_code(atom->twin, atom)
					 : same_data(original, atom->twin, patched, atom)))
		return;
	place = atom_place(patched, atom);
	diag_warning(diag, atom->ignored ? "KS126" : "KS363", &place, "'%s'", atom_name(atom));
}

static void compare_atom(struct unit *original, struct unit *patched, struct atom *atom,
			 struct diag *diag)
{
	struct diag_place place;

	if ((atom->kind != ATOM_FUNCTION && atom->kind != ATOM_DATA) || never_runs(patched, atom))
		return;
	if ((atom->ignored && can_be_left_out(atom)) || (atom->overridden && atom->twin)) {
		report_ignored(original, patched, atom, diag);
		return;
	}
	if (!atom->twin) {
		compare_new(patched, atom, diag);
		return;
	}
	if (atom->symbol && changes_kind(atom)) {
		place = atom_place(patched, atom);
		diag_error(diag, atom->claim = "KS117", &place, "'%s'", atom_name(atom));
		return;
	}
	if (atom->kind == ATOM_FUNCTION)
		compare_function(unit_of_twin(atom, original), patched, atom, diag);
	else
		compare_data(unit_of_twin(atom, original), patched, atom, diag);
}

/* A function and its .cold parts jump into each other, so all of them change or none. */
static void spread_over_children(struct atom *parent)
{
	struct atom *child;
	bool changed = parent->changed;

	if (parent->ignored || parent->overridden)
		return;
	for (child = parent->next_child; child; child = child->next_child)
		changed = changed || child->changed || (!child->twin && parent->twin);
	for (child = parent; child; child = child->next_child)
		child->changed = changed;
}

void assume_changed(struct unit *patched, const char *pattern)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s) {
		if (s->rule->kind != SECTION_CODE)
			continue;
		section_for_each_atom(s, atom)
			if (atom->kind == ATOM_FUNCTION && atom->twin && atom->twin->patchable &&
			    !atom->ignored && !atom->undecodable && atom->symbol &&
			    atom->symbol->bind != STB_WEAK && !fnmatch(pattern, atom_name(atom), 0))
				atom->changed = true;
	}
	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (!atom->parent && atom->next_child)
				spread_over_children(atom);
}

int compare_units(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			compare_atom(original, patched, atom, diag);
	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (!atom->parent && atom->next_child)
				spread_over_children(atom);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
