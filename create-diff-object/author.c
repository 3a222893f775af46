// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some changes can't be livepatched and need not be: the value of a variable
 * that a callback sets, a function whose new form matters only at the next
 * boot. Only the author of the patch knows. The macros of klp-split-author.h
 * write the author's statements about a unit into a section, one string each:
 *
 *	function:NAME	changes in it are left out of the livepatch
 *	section:NAME	changed and new content of it is left out
 *	data:NAME	a callback takes care of its new value
 *	layout:TYPE	a callback takes care of its data; kpatch-build compares layouts
 *	state:NAME	it is a new variable, even if it looks like an existing one
 *
 * A name that fits nothing is refused: it was mistyped, or what it named no
 * longer exists. Each atom that is left out is listed as a warning.
 */
#include <errno.h>
#include <string.h>

#include "lib/klp-format.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"

enum fit { FITS_NOTHING, FITS, IS_NEW };

static enum fit ignore_atoms(struct unit *patched, enum atom_kind kind, const char *name)
{
	enum fit fit = FITS_NOTHING;
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s) {
		section_for_each_atom(s, atom) {
			if (atom->kind != kind || !atom->symbol ||
			    !name_is_of(atom->symbol->name, name))
				continue;
			atom->ignored = atom->twin || atom->parent;
			if (atom->twin && fit == FITS_NOTHING)
				fit = FITS;
			/* a new part of an existing function belongs to it */
			if (!atom->twin && !atom->parent)
				fit = IS_NEW;
		}
	}
	return fit;
}

/* The livepatch must not refer to what is left out, so only lists can be left out. */
static bool can_be_ignored(const struct unit_section *s)
{
	switch (s->rule->kind) {
	case SECTION_ENTRIES:
	case SECTION_REGISTRATION:
	case SECTION_INIT:
	case SECTION_EXIT:
	case SECTION_BUILD:
	case SECTION_UNKNOWN:
		return true;
	default:
		return false;
	}
}

static int ignore_section(struct unit *patched, const char *name, struct diag *diag)
{
	struct elf_section *section = elf_section_find(patched->elf, name);
	struct unit_section *s = section ? section->priv : NULL;
	struct atom *atom;

	if (!s)
		return diag_error(diag, "KS125", NULL, "no section is called '%s'", name);
	if (!can_be_ignored(s))
		return diag_error(diag, "KS125", NULL,
				  "section '%s' contains code or data, not the entries of a list",
				  name);
	section_for_each_atom(s, atom)
		atom->ignored = true;
	diag_warning(diag, "KS126", NULL, "section '%s'", name);
	return 0;
}

static int ignore_named(struct unit *patched, enum atom_kind kind, const char *name,
			struct diag *diag)
{
	const char *what = kind == ATOM_FUNCTION ? "function" : "variable";

	switch (ignore_atoms(patched, kind, name)) {
	case FITS:
		return 0;
	case IS_NEW:
		return diag_error(diag, "KS125", NULL,
				  "%s '%s' is new: the running kernel doesn't have it", what, name);
	default:
		return diag_error(diag, "KS125", NULL, "no %s is called '%s'", what, name);
	}
}

/* The rest of @note after @prefix; NULL if it doesn't begin with that. */
static const char *after(const char *note, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(note, prefix, length) ? NULL : note + length;
}

static const char *next_note(const struct elf_section *section, uint64_t *at)
{
	const char *note = (const char *)section->data + *at;
	size_t length;

	if (*at >= section->size)
		return NULL;
	length = strnlen(note, section->size - *at);
	if (*at + length == section->size)
		return NULL;
	*at += length + 1;
	return note;
}

static void start_anew(struct unit *patched, const char *name)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom->kind == ATOM_DATA && atom->symbol &&
			    name_is_of(atom->symbol->name, name))
				atom->starts_anew = true;
}

void heed_new_state(struct unit *patched)
{
	struct elf_section *section = elf_section_find(patched->elf, KLP_AUTHOR_SECTION);
	const char *note, *name;
	uint64_t at = 0;

	while (section && section->data && (note = next_note(section, &at))) {
		name = after(note, "state:");
		if (name)
			start_anew(patched, name);
	}
}

/*
 * A variable that certainly is the running kernel's can't start anew: there would be two of its
 * name.
 */
static int check_new_state(struct unit *patched, const char *name, struct diag *diag)
{
	enum fit fit = FITS_NOTHING;
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom->starts_anew && name_is_of(atom->symbol->name, name))
				fit = atom->twin && fit != IS_NEW ? FITS : IS_NEW;
	if (fit == FITS)
		return diag_error(
			diag, "KS125", NULL,
			"variable '%s' is the running kernel's: a new one needs another name",
			name);
	if (fit == FITS_NOTHING)
		return diag_error(diag, "KS125", NULL, "no variable is called '%s'", name);
	return 0;
}

static int apply_note(struct unit *patched, const char *note, struct diag *diag)
{
	const char *name;

	if ((name = after(note, "function:")))
		return ignore_named(patched, ATOM_FUNCTION, name, diag);
	if ((name = after(note, "data:")))
		return ignore_named(patched, ATOM_DATA, name, diag);
	if ((name = after(note, "section:")))
		return ignore_section(patched, name, diag);
	if ((name = after(note, "state:")))
		return check_new_state(patched, name, diag);
	if (after(note, "layout:"))
		return 0;
	return diag_error(diag, "KS125", NULL, "'%s' is not understood", note);
}

int apply_author_notes(struct unit *patched, struct diag *diag)
{
	struct elf_section *section = elf_section_find(patched->elf, KLP_AUTHOR_SECTION);
	const char *note;
	int err = 0, one;
	uint64_t at = 0;

	if (!section || !section->data)
		return 0;
	while ((note = next_note(section, &at))) {
		one = *note ? apply_note(patched, note, diag) : 0;
		err = err ?: one;
	}
	if (at < section->size)
		return diag_error(diag, "KS125", NULL, "section '%s' is cut off", section->name);
	return err;
}
