/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message that names a symbol leaves its reader searching; file and line are
 * in the unit's debug information. It is read only once somebody asks.
 */
#ifndef CDO_PLACES_H
#define CDO_PLACES_H

#include <elfutils/libdw.h>

#include "lib/diag.h"
#include "create-diff-object/unit/unit.h"

/*
 * Where @atom is defined in the source; members are NULL or 0 if unknown. An atom
 * that is code is also the ->function. Valid as long as @unit.
 */
struct diag_place atom_place(struct unit *unit, const struct atom *atom);

/*
 * Is the instruction of @atom that ends at @offset a call which the source has? Those of assembler
 * in the source aren't: the debug information doesn't know them.
 */
bool source_calls_before(struct unit *unit, const struct atom *atom, uint64_t offset);

/* The function @name in the debug information, its parameters included. */
bool function_die(struct unit *unit, const char *name, Dwarf_Die *die);

/* Call @found for each function that the unit has code of, as its debug information has it. */
void for_each_function_die(struct unit *unit, void (*found)(Dwarf_Die *die, void *arg), void *arg);
/* Where @die is defined, as atom_place() says it. */
struct diag_place die_place(struct unit *unit, Dwarf_Die *die);
/* Whether the beginning of @atom is code of the function @die. */
bool atom_has_die(struct unit *unit, const struct atom *atom, Dwarf_Die *die);

/* The debug information's compile units, one after the other; NULL ends, and begins. */
Dwarf_Die *next_cu(struct unit *unit, Dwarf_Die *cu);
/* The place @offset bytes into @atom as an address of the debug information. */
bool atom_address(struct unit *unit, const struct atom *atom, uint64_t offset, Dwarf_Addr *address);

/* What to cut from the beginning of file names, besides what is found out. NULL: nothing. */
void places_set_root(struct unit *unit, const char *root);

void places_free(struct places *places);

#endif
