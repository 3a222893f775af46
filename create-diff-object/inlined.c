// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff changes one small helper, and five other functions are replaced: the
 * compiler has inlined the helper into each of them. A reviewer of the
 * livepatch can't see that in the diff. The debug information lists what was
 * inlined into each function; kpatch-build knows which of those the diff
 * changes.
 */
#include <dwarf.h>
#include <string.h>

#include "create-diff-object/inlined.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"

/* Nested blocks and inlined functions. Deeper nesting means damaged debug information. */
#define DEPTH_MAX 128

struct walk {
	struct unit *unit;
	json_t *inlined; /* as described in inlined.h */
	json_t *by_name; /* "file:line:name" to its row in ->inlined */
	const char *into; /* the symbol of the current function */
	bool failed;
};

static json_t *row_of(struct walk *walk, Dwarf_Die *origin, const char *name)
{
	struct diag_place place = die_place(walk->unit, origin);
	char key[512];
	json_t *row;

	if (!place.file || !place.line)
		return NULL;
	snprintf(key, sizeof(key), "%s:%u:%s", place.file, place.line, name);
	row = json_object_get(walk->by_name, key);
	if (row)
		return row;
	row = json_pack("{s:s, s:s, s:i, s:[]}", "name", name, "file", place.file, "line",
			(int)place.line, "into");
	walk->failed |= json_object_set(walk->by_name, key, row) ||
			json_array_append_new(walk->inlined, row);
	return walk->failed ? NULL : row;
}

static void add(struct walk *walk, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;
	const char *name = dwarf_diename(die), *last;
	json_t *row, *into;

	if (!name || !dwarf_attr(die, DW_AT_abstract_origin, &attribute) ||
	    !dwarf_formref_die(&attribute, &origin))
		return;
	row = row_of(walk, &origin, name);
	into = json_object_get(row, "into");
	/* functions are walked one after the other, so a repetition is at the end */
	last = json_string_value(json_array_get(into, json_array_size(into) - 1));
	if (row && (!last || strcmp(last, walk->into)))
		walk->failed |= json_array_append_new(into, json_string(walk->into));
}

static void walk_into(struct walk *walk, Dwarf_Die *parent, unsigned int depth)
{
	Dwarf_Die die;

	if (depth > DEPTH_MAX || dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_inlined_subroutine:
			add(walk, &die);
			walk_into(walk, &die, depth + 1);
			break;
		case DW_TAG_lexical_block:
			walk_into(walk, &die, depth + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

/*
 * The function of the output that has the code of @die. Each has one, apart from its .cold parts.
 */
static const struct atom *included_function(struct unit *unit, Dwarf_Die *die)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (atom->included && !atom->parent && atom->kind == ATOM_FUNCTION &&
			    atom->symbol && atom_has_die(unit, atom, die))
				return atom;
	return NULL;
}

static void walk_function(Dwarf_Die *die, void *arg)
{
	struct walk *walk = arg;
	const struct atom *atom = included_function(walk->unit, die);

	if (!atom)
		return;
	walk->into = atom_name(atom);
	walk_into(walk, die, 0);
}

json_t *inlined_to_json(struct unit *unit)
{
	struct walk walk = { .unit = unit, .inlined = json_array(), .by_name = json_object() };

	if (walk.inlined && walk.by_name)
		for_each_function_die(unit, walk_function, &walk);
	json_decref(walk.by_name);
	if (walk.failed) {
		json_decref(walk.inlined);
		return NULL;
	}
	return walk.inlined;
}
