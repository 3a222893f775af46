/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A symbol "done.5" doesn't say which function declares it, nor in which of its
 * blocks: the compiler has inlined the function, or a macro, somewhere else.
 * The debug information has each declaration once, at its place in the source,
 * and lists all code that was made from the block around it.
 */
#ifndef CDO_VARIABLES_H
#define CDO_VARIABLES_H

#include <elfutils/libdw.h>

#include "lib/diag.h"
#include "create-diff-object/unit/unit.h"

struct variable {
	struct atom *atom;
	Dwarf_Die die;
	const char *function; /* the function that declares it; NULL: file scope */
	unsigned int depth; /* blocks between the function and it; 0: the function's own */
	size_t order; /* its number among the unit's declarations */
	Dwarf_Off scope; /* the block, function or file that declares it */
	char *type; /* as from type_text() */
};

/*
 * Read the declarations of all variables of @unit into atom->declared. Call it once for each unit.
 */
int unit_read_variables(struct unit *unit, struct diag *diag);
void variables_free(struct variables *variables);

/* The alignment that the source demands for @atom (__aligned()); 0: none. */
uint64_t declared_alignment(const struct atom *atom);

/* Does the debug information have any variable of @unit? */
bool unit_has_variables(const struct unit *unit);

/*
 * Does the source of @unit declare a variable of this name in this function, without one in the
 * object?
 */
bool unit_leaves_out(const struct unit *unit, const struct variable *variable);

/*
 * Was the instruction at @offset of @code compiled from the block (of a function) that declares
 * @variable, wherever that was inlined?
 */
bool is_in_block_of(struct unit *unit, const struct variable *variable, const struct atom *code,
		    uint64_t offset);

/*
 * Is @scope a function that was written for this unit? A helper of one of the kernel's headers, such
 * as spin_lock(), is inlined everywhere and says nothing about the place.
 */
bool is_written_here(Dwarf_Die *scope);

/*
 * The function of the source that contains the instruction at @offset of @code, also if it was
 * inlined, but not a helper of the kernel's headers. The symbol's name if the debug information
 * doesn't say.
 */
const char *source_function(struct unit *unit, const struct atom *code, uint64_t offset);

/* Get the source line of the instruction at @offset. False: it is not known. */
bool source_line(struct unit *unit, const struct atom *code, uint64_t offset, int *line);

#endif
