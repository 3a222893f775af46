/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of a part of a variable: types-at.c. */
#ifndef CDO_TYPES_AT_H
#define CDO_TYPES_AT_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_NESTED 8

/* A member or element, and its own first part, and so on. */
struct types_at {
	struct part {
		char *type; /* as from type_text() */
		uint64_t offset, size; /* in the variable */
	} parts[MAX_NESTED];
	size_t n;
};

/*
 * What @variable has at @offset: the whole variable, the member there, the member of that, and so
 * on. Types of members that can't be read are left out.
 */
void types_at(Dwarf_Die *variable, uint64_t offset, struct types_at *types);
void types_at_free(struct types_at *types);
/* Is it one value, without members or elements? */
bool type_is_scalar(Dwarf_Die *variable);

#endif
