/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files include a .c file: includes.c. */
#ifndef KPATCH_BUILD_INCLUDES_H
#define KPATCH_BUILD_INCLUDES_H

#include "lib/diag.h"

/*
 * Call @found for each C, header and assembler file below @source from which a kernel for @arch can
 * be built; @relative is its path below @source.
 */
typedef int (*source_fn)(const char *path, const char *relative, void *arg);
int for_each_source(const char *source, const char *arch, source_fn found, void *arg,
		    struct diag *diag);

/*
 * The same with the headers that are too long to be anything but tables of numbers, what is
 * included under other suffixes, and makefiles.
 */
int for_each_text(const char *source, const char *arch, source_fn found, void *arg,
		  struct diag *diag);

/*
 * Call @found for each `#include "….c"` (or <….c>) in the .c and .h files below @source from which
 * a kernel for @arch can be built. Paths are relative to it.
 */
int for_each_included_unit(const char *source, const char *arch,
			   int (*found)(const char *includer, const char *text, void *arg),
			   void *arg, struct diag *diag);

/* @includer contains #include "@text": can that be @path? */
bool include_can_be(const char *includer, const char *text, const char *path);

#endif
