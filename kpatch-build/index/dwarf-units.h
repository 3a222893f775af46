/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source files became part of an object, according to its debug
 * information: dwarf-units.c.
 */
#ifndef KPATCH_BUILD_DWARF_UNITS_H
#define KPATCH_BUILD_DWARF_UNITS_H

#include <stdint.h>

#include <stdint.h>

#include "lib/diag.h"

/*
 * Call @found for the name of each compile unit of @path (vmlinux or a module), as the compiler
 * recorded it. Stops at the first negative value and returns it.
 */
int dwarf_for_each_unit(const char *path, int (*found)(const char *name, void *arg), void *arg,
			struct diag * diag);

/*
 * The same for each file in the table of files of each compile unit: the sources of its code and
 * types.
 */
int dwarf_for_each_file(const char *path,
			int (*found)(const char *unit, const char *file, void *arg), void *arg,
			struct diag *diag);

/* The same with the producer: the compiler, its version and the flags that change code; or "". */
int dwarf_for_each_producer(const char *path,
			    int (*found)(const char *name, const char *producer, void *arg),
			    void *arg, struct diag *diag);

/*
 * The name of the unit that has the code at @address of @path (vmlinux); NULL if none has, as for
 * assembler. Caller frees *@name. 0, or negative and reported.
 */
int dwarf_unit_at(const char *path, uint64_t address, char **name, struct diag *diag);

#endif
