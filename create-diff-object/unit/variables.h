/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A symbol "done.5" doesn't say which function declares it, nor in which of its
 * blocks: the compiler has inlined the function, or a macro, somewhere else. The
 * debug information has each declaration at its place in the source, once, and
 * all code that was made of the block around it.
 */
#ifndef CDO_VARIABLES_H
#define CDO_VARIABLES_H

#include <elfutils/libdw.h>

#include "lib/diag.h"
#include "create-diff-object/unit/unit.h"

struct variable {
	struct atom *atom;
	Dwarf_Die die;
	const char *function; /* that declares it; NULL: file scope */
	unsigned int depth; /* blocks between the function and it; 0: the function's own */
	size_t order; /* in the unit's declarations */
	Dwarf_Off scope; /* of the block, function or file that it is declared in */
	char *type; /* as type_text() says it */
};

/* Read the declarations of all variables of @unit: atom->declared. Once for each unit. */
int unit_read_variables(struct unit *unit, struct diag *diag);
void variables_free(struct variables *variables);

/* What the source says @atom has to be a multiple of (__aligned()); 0: nothing. */
uint64_t declared_alignment(const struct atom *atom);

/* Does the debug information have any variable of @unit? */
bool unit_has_variables(const struct unit *unit);

/* Does the source of @unit declare one of that name, in that function, and the object has none? */
bool unit_leaves_out(const struct unit *unit, const struct variable *variable);

/*
 * Was the instruction at @offset of @code compiled from the block that declares @variable (one of
 * a function), wherever it was inlined?
 */
bool is_in_block_of(struct unit *unit, const struct variable *variable, const struct atom *code,
		    uint64_t offset);

/*
 * The function of the source that the instruction at @offset of @code was written in, also if it
 * was inlined, but not a helper of the kernel's headers; the symbol's name if the debug information
 * doesn't know.
 */
const char *source_function(struct unit *unit, const struct atom *code, uint64_t offset);

/* The line of the source that the instruction at @offset comes from. False: not known. */
bool source_line(struct unit *unit, const struct atom *code, uint64_t offset, int *line);

#endif
