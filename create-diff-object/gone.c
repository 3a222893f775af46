// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The running kernel keeps what a patch removes. That is right for a function
 * or variable, as nothing uses it any more. But an initcall that is gone has
 * run, a parameter that is gone can still be set, and the exit function that a
 * patch adds to a module is never called. No code differs, so the other passes
 * see nothing, and a fix without effect would count as applied.
 */
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "lib/klp-format.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* The module loader finds these by name: module_init() and module_exit() of a module (module.h). */
static const struct {
	const char *symbol, *code;
} entry_points[] = {
	{ "init_module", "KS103" },
	{ KLP_EXIT_FUNCTION, "KS124" },
};

/* The module loader would call @new as @name, but the author leaves it out. */
static void tell_left_out(struct unit *patched, struct atom *new, const char *name,
			  struct diag *diag)
{
	struct diag_place place = atom_place(patched, new);

	diag_warning(diag, "KS126", &place, "'%s' is now the module's %s", atom_name(new), name);
}

static void compare_entry_points(struct unit *original, struct unit *patched, struct diag *diag)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry_points); i++) {
		struct atom *old = entry_point(original, entry_points[i].symbol);
		struct atom *new = entry_point(patched, entry_points[i].symbol);
		struct diag_place place;

		if (old && new ? old->twin == new : !old == !new)
			continue;
		if (new &&new->ignored) {
			tell_left_out(patched, new, entry_points[i].symbol, diag);
			continue;
		}
		if (old)
			old->claim = entry_points[i].code;
		if (new)
			new->claim = entry_points[i].code;
		place = new ? atom_place(patched, new) : atom_place(original, old);
		diag_error(diag, entry_points[i].code, &place, "'%s' is %s the module's %s",
			   atom_name(new ?: old), new ? "now" : "no longer",
			   entry_points[i].symbol);
	}
}

/* An export that is gone does no harm: its users were built for the kernel as it is. */
static bool is_registered(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && atom_section_kind(atom) == SECTION_REGISTRATION &&
	       !(atom->symbol && name_exported(atom->symbol->name)) &&
	       !strstr(atom->section->elf->name, "__ksymtab") &&
	       !strstr(atom->section->elf->name, "__kcrctab");
}

/* The initcall ran at its old level: .initcall5.init, .initcall7.init. */
static bool has_moved(const struct atom *atom)
{
	return strcmp(atom->section->elf->name, atom->twin->section->elf->name);
}

int refuse_gone(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;

	compare_entry_points(original, patched, diag);
	unit_for_each_section(original, s)
		section_for_each_atom(s, atom) {
			if (!is_registered(atom) || is_trace_string(atom) || atom_is_copied(atom) ||
			    (atom->twin && !has_moved(atom)))
				continue;
			place = atom_place(original, atom);
			diag_error(diag, atom->claim = "KS109", &place,
				   "'%s' in section '%s' is %s%s", atom_name(atom), s->elf->name,
				   atom->twin ? "now in " : "gone",
				   atom->twin ? atom->twin->section->elf->name : "");
		}
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
