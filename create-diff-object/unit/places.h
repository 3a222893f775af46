/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message that names only a symbol leaves its reader searching. File and line
 * are in the unit's debug information, which is read when they are first
 * needed.
 */
#ifndef CDO_PLACES_H
#define CDO_PLACES_H

#include <elfutils/libdw.h>

#include "lib/diag.h"
#include "create-diff-object/unit/unit.h"

/*
 * Where the source defines @atom; members are NULL or 0 if unknown. If @atom is code, ->function is
 * its name. Valid as long as @unit.
 */
struct diag_place atom_place(struct unit *unit, const struct atom *atom);

/*
 * Is the instruction of @atom that ends at @offset a call in the C source? Calls of inline
 * assembler are not: the debug information doesn't list them.
 */
bool source_calls_before(struct unit *unit, const struct atom *atom, uint64_t offset);

/* Find the function @name, with its parameters, in the debug information. */
bool function_die(struct unit *unit, const char *name, Dwarf_Die *die);

/* Call @found with the debug information of each function that the unit has code of. */
void for_each_function_die(struct unit *unit, void (*found)(Dwarf_Die *die, void *arg), void *arg);
/* Where @die is defined, as in atom_place(). */
struct diag_place die_place(struct unit *unit, Dwarf_Die *die);
/* Is the beginning of @atom code of the function @die? */
bool atom_has_die(struct unit *unit, const struct atom *atom, Dwarf_Die *die);

/* Iterates over the compile units of the debug information, from NULL to NULL. */
Dwarf_Die *next_cu(struct unit *unit, Dwarf_Die *cu);
/* Get the address in the debug information of the place @offset bytes into @atom. */
bool atom_address(struct unit *unit, const struct atom *atom, uint64_t offset, Dwarf_Addr *address);

/* Set the prefix to cut from file names, instead of the one found in them. NULL: no change. */
void places_set_root(struct unit *unit, const char *root);

void places_free(struct places *places);

#endif
