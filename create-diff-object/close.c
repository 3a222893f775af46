// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A changed function needs its strings, its new helpers and their new data, and
 * the table entries that patch it. It must not bring along what the running
 * kernel already has: a second copy of a variable is a bug that shows weeks
 * later, and the address of a second copy of a function never equals that of
 * the first.
 *
 * So starting from the changed functions, everything new is included,
 * everything that exists is left to refer_by_klp(), and anything else is
 * refused.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

struct closure {
	struct unit *original, *unit;
	struct atom *first, *last; /* included atoms, whose relocs follow() has yet to look at */
	struct diag *diag;
};

/*
 * A table of places in a function (a switch, computed gotos) is valid for one version of it only.
 */
static bool points_into_changed_code(const struct atom *atom)
{
	const struct reloc *reloc;

	atom_for_each_reloc(atom, reloc)
		if (reloc->to && reloc->to->kind == ATOM_FUNCTION && reloc->at &&
		    reloc->to->changed)
			return true;
	return false;
}

bool is_renewed(const struct atom *atom)
{
	return is_constant(atom) && (atom->changed || points_into_changed_code(atom));
}

bool refers_to_original(struct atom *from, const struct reloc *reloc)
{
	struct atom *to = reloc->to;

	if (!to || !to->twin)
		return false;
	if (to->kind == ATOM_DATA)
		return !is_renewed(to);
	if (to->kind != ATOM_FUNCTION)
		return false;
	/* Places inside the code itself: entries, jumps between foo and foo.cold, switch tables. */
	if (from->kind == ATOM_ENTRY && atom_group(from) == atom_group(to))
		return false;
	return !to->parent && !reloc->at;
}

static void include(struct closure *closure, struct atom *atom)
{
	struct atom *child;

	if (atom->included)
		return;
	atom->included = true;
	if (closure->last)
		closure->last->next_needed = atom;
	else
		closure->first = atom;
	closure->last = atom;
	if (atom->pair)
		include(closure, atom->pair);
	if (atom->kind != ATOM_FUNCTION)
		return;
	if (atom->parent)
		include(closure, atom->parent);
	for (child = atom->next_child; child; child = child->next_child)
		include(closure, child);
}

/* report_refused() reports it later, with all users. */
static void refuse(const char *why, struct atom *atom)
{
	if (!atom->refused)
		atom->why = atom->claim = why;
	atom->refused = true;
}

/* Why can't new code contain @atom, which the running kernel doesn't have? NULL: it can. */
static const char *why_not_new(const struct atom *atom)
{
	switch (atom_section_kind(atom)) {
	case SECTION_INIT:
	case SECTION_EXIT:
		return "KS118";
	case SECTION_REGISTRATION:
		if (!atom_is_btf_set(atom))
			return "KS109";
		break;
	case SECTION_UNKNOWN:
		return "KS110";
	default:
		break;
	}
	if (atom->maybe)
		return symbol_is_static_local(atom->symbol) &&
				       !name_compare(atom->symbol->name, atom->maybe->symbol->name)
			       ? "KS111"
			       : "KS170";
	if (atom->maybe_elsewhere)
		return "KS170";
	if (atom->kind == ATOM_DATA && !atom->symbol && atom_is_writable(atom))
		return "KS114";
	if (atom->undecodable)
		return "KS116";
	return NULL;
}

bool original_refers_to(struct atom *from, const struct atom *to, const char *undefined)
{
	struct atom *code = atom_group(from);
	const struct reloc *reloc;

	for (code = code->twin; code; code = code->next_child)
		atom_for_each_reloc(code, reloc)
			if (to ? reloc->to == to
			       : reloc->symbol && !strcmp(reloc->symbol->name, undefined))
				return true;
	return false;
}

/* Why can't new code use @atom, which the running kernel has? NULL: it can. */
static const char *why_not_existing(struct atom *from, const struct atom *atom)
{
	if (!atom->twin->symbol)
		return "KS114";
	switch (atom_section_kind(atom)) {
	case SECTION_EXIT:
		if (atom_group(from)->is_exit) /* while this one exists, so do the others */
			return NULL;
		/* fallthrough */
	case SECTION_INIT:
		return original_refers_to(from, atom->twin, NULL) ? NULL : "KS118";
	case SECTION_UNKNOWN:
		return "KS110";
	default:
		return NULL;
	}
}

static void need(struct closure *closure, struct atom *from, const struct reloc *reloc)
{
	struct atom *to = reloc->to;
	const char *why;

	if (!to || to->included)
		return;
	if (refers_to_original(from, reloc)) {
		why = why_not_existing(from, to);
		if (why)
			refuse(why, to);
		return;
	}
	if (to->kind == ATOM_FUNCTION && to->twin && !to->changed) {
		/* refers into the middle of code that isn't replaced */
		refuse(from->kind == ATOM_FRAGMENT ? "KS167" : "KS113", to);
		return;
	}
	why = why_not_new(to);
	if (why)
		refuse(why, to);
	/* also if refused: the things it needs may be problems of their own */
	include(closure, to);
}

/*
 * objtool makes none of its sections if one exists already, so the output has all of them or none.
 */
static bool is_made_later(const struct unit *unit, const struct atom *entry)
{
	return unit->objtool_follows && entry->section->rule->objtool;
}

/* This overrides the author: without what the kernel does at this place, the code is wrong. */
static void refuse_entry(struct closure *closure, const struct atom *entry)
{
	struct atom *code = entry->owner;
	struct diag_place place = atom_place(closure->unit, code);

	if (!code->refused)
		diag_error(closure->diag, entry->section->rule->refused, &place,
			   "'%s', by list '%s'", atom_name(code), entry->section->elf->name);
	code->refused = true;
	code->claim = entry->section->rule->refused;
}

static void follow(struct closure *closure)
{
	struct atom *atom, *entry;
	struct reloc *reloc;

	for (atom = closure->first; atom; atom = atom->next_needed) {
		atom_for_each_reloc(atom, reloc)
			need(closure, atom, reloc);
		if (!atom_is_code(atom))
			continue;
		atom_for_each_entry(atom, entry) {
			if (entry->section->rule->refused)
				refuse_entry(closure, entry);
			else if (!entry->ignored && !is_made_later(closure->unit, entry))
				include(closure, entry);
		}
	}
}

/* The module loader finds what @atom is about by it. */
static bool is_about_included(const struct atom *atom)
{
	return atom_is_copied(atom) && !atom->ignored && atom->relocs->to->included;
}

static void include_what_comes_along(struct closure *closure)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(closure->unit, s)
		section_for_each_atom(s, atom)
			if (!atom->twin && is_about_included(atom))
				include(closure, atom);
}

/* ftrace has to be able to redirect the running kernel's function. */
static void include_changed(struct closure *closure, struct atom *atom)
{
	struct diag_place place;

	if (atom->parent || !atom->twin) {
		include(closure, atom);
		return;
	}
	place = atom_place(closure->unit, atom);
	if (!atom->twin->patchable && !atom->is_exit)
		diag_error(closure->diag, atom->claim = "KS102", &place, "'%s'", atom_name(atom));
	if (atom->undecodable)
		diag_error(closure->diag, atom->claim = "KS116", &place, "'%s'", atom_name(atom));
	include(closure, atom);
}

/* Other units of the same livepatch may refer to it. */
static bool is_new_global(const struct atom *atom)
{
	return !atom->twin && atom->symbol && atom->symbol->bind != STB_LOCAL &&
	       !atom->overridden && (atom->kind == ATOM_FUNCTION || atom->kind == ATOM_DATA) &&
	       atom_section_kind(atom) != SECTION_INIT && atom_section_kind(atom) != SECTION_EXIT &&
	       atom_section_kind(atom) != SECTION_REGISTRATION &&
	       atom_section_kind(atom) != SECTION_UNKNOWN;
}

bool became_global(const struct atom *atom)
{
	if (!atom->twin || !atom->symbol || !atom->twin->symbol || atom->refused ||
	    atom->symbol->bind == STB_LOCAL ||
	    (atom->twin->symbol->bind != STB_LOCAL && !atom->renamed))
		return false;
	switch (atom_section_kind(atom)) {
	case SECTION_CODE:
	case SECTION_DATA:
	case SECTION_CONST:
	case SECTION_PERCPU:
		return true;
	default:
		return false;
	}
}

static bool any_became_global(struct unit *unit)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (became_global(atom))
				return true;
	return false;
}

static void include_roots(struct closure *closure)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(closure->unit, s) {
		section_for_each_atom(s, atom) {
			if (atom->kind == ATOM_FUNCTION && atom->changed) {
				include_changed(closure, atom);
			} else if (atom->callback || is_new_global(atom)) {
				const char *why = why_not_new(atom);

				if (why)
					refuse(why, atom);
				include(closure, atom);
			}
		}
	}
}

/* A changed constant may be copied only if nothing that uses the old one remains. */
static void refuse_shared_constants(struct closure *closure)
{
	struct unit_section *s;
	struct atom *atom, *user;
	struct reloc *reloc;

	unit_for_each_section(closure->unit, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, atom) {
			user = atom->owner ? atom->owner : atom;
			atom_for_each_reloc(atom, reloc)
				if (reloc->to && reloc->to->changed && is_constant(reloc->to) &&
				    !user->included)
					refuse("KS106", reloc->to);
			if (atom->changed && is_constant(atom) &&
			    (!atom->included || atom->symbol->bind != STB_LOCAL))
				refuse("KS106", atom);
		}
	}
}

static bool is_included(const struct atom *user)
{
	return user->included;
}

static bool is_left_behind(const struct atom *user)
{
	return !user->included;
}

/* Name the variable of the running kernel that it may be, and where that is declared. */
static void tell_candidate(struct closure *closure, const struct atom *atom)
{
	struct diag_place place;

	if (!atom->maybe) {
		diag_detail(closure->diag, "may be '%s' of the running kernel (in another file)",
			    atom->maybe_elsewhere);
		return;
	}
	place = atom_place(closure->original, atom->maybe);
	diag_detail(closure->diag, "may be '%s' of the running kernel (%s:%u)",
		    atom_name(atom->maybe), place.file, place.line);
}

static void report_refused(struct closure *closure)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom, *user;
	bool shared;

	unit_for_each_section(closure->unit, s) {
		section_for_each_atom(s, atom) {
			if (!atom->why)
				continue;
			user = atom->symbol ? NULL : first_user(closure->unit, atom);
			place = atom_place(closure->unit, user ?: atom);
			diag_error(closure->diag, atom->why, &place, "'%s'", atom_name(atom));
			if (atom->maybe || atom->maybe_elsewhere)
				tell_candidate(closure, atom);
			shared = !strcmp(atom->why, "KS106");
			tell_users(closure->unit, atom, shared ? is_left_behind : is_included,
				   closure->diag);
		}
	}
}

int close_over_needed(struct unit *original, struct unit *patched, bool *any, struct diag *diag)
{
	struct closure closure = { .original = original, .unit = patched, .diag = diag };
	size_t errors = diag_errors(diag);

	include_roots(&closure);
	follow(&closure);
	include_what_comes_along(&closure);
	refuse_shared_constants(&closure);
	report_refused(&closure);
	*any = closure.first || any_became_global(patched);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
