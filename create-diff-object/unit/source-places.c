// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compiler decides anew in each compilation which functions it inlines. So a statement is not
 * recognised by the symbol that has its instructions, but by its place in the source: "line 12 of
 * f(), called in line 30 of g()".
 */
#include <dwarf.h>
#include <stdlib.h>

#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/source-places.h"
#include "create-diff-object/unit/variables.h"

static int call_line(Dwarf_Die *inlined)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line;

	if (!dwarf_attr(inlined, DW_AT_call_line, &attribute) || dwarf_formudata(&attribute, &line))
		return 0;
	return line;
}

/*
 * Get the scopes around @address, from the inside to the function that the symbol names.
 * dwarf_getscopes() goes on from an inlined function to where that is defined, instead of to its
 * call.
 */
static int scopes_around(Dwarf_Die *cu, Dwarf_Addr address, Dwarf_Die **scopes)
{
	Dwarf_Die *innermost;
	int n = dwarf_getscopes(cu, address, &innermost);

	if (n <= 0)
		return 0;
	n = dwarf_getscopes_die(&innermost[0], scopes);
	free(innermost);
	return n > 0 ? n : 0;
}

size_t source_places(struct unit *unit, const struct atom *code, uint64_t offset,
		     struct source_place places[MAX_SOURCE_PLACES])
{
	Dwarf_Die *cu = NULL, *scopes;
	Dwarf_Addr address;
	size_t n = 0;
	int line = 0;

	places[0] = (struct source_place){ .function = atom_name(code) };
	if (!atom_address(unit, code, offset, &address))
		return 1;
	source_line(unit, code, offset, &line);
	places[0].line = line;
	while (!n && (cu = next_cu(unit, cu))) {
		int n_scopes = scopes_around(cu, address, &scopes);

		for (int i = 0; i < n_scopes && n < MAX_SOURCE_PLACES; i++) {
			if (is_written_here(&scopes[i]))
				places[n++] = (struct source_place){ dwarf_diename(&scopes[i])
									     ?: atom_name(code),
								     line };
			if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine)
				line = call_line(&scopes[i]);
		}
		if (n_scopes)
			free(scopes);
	}
	return n ?: 1;
}
