/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which source files became part of an object, by its debug information: dwarf-units.c. */
#ifndef KPATCH_BUILD_DWARF_UNITS_H
#define KPATCH_BUILD_DWARF_UNITS_H

#include "diag.h"

/*
 * Call @found for the name of each compile unit of @path (vmlinux or a module),
 * as the compiler wrote it. Stops at the first negative value and returns it.
 */
int dwarf_for_each_unit(const char *path, int (*found)(const char *name, void *arg), void *arg,
			struct diag *diag);

/* The same for each file in the table of files of each compile unit: those that code or types came from. */
int dwarf_for_each_file(const char *path,
			int (*found)(const char *unit, const char *file, void *arg), void *arg,
			struct diag *diag);

#endif
