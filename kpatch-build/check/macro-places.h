/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds where in the source macros are defined: see macro-places.c. */
#ifndef KPATCH_BUILD_MACRO_PLACES_H
#define KPATCH_BUILD_MACRO_PLACES_H

#include <stdbool.h>

struct diag;
struct macro;
struct series;
struct trees;
struct unit;

/*
 * Do preprocessor lines or enumerations of the file @path (relative) differ between the kernel's
 * source and the patched one? 0 or negative, reported.
 */
int definitions_differ(const struct trees *trees, struct diag *diag, const char *path,
		       bool *differ);

/* Did @unit read one of the marked changes (an array as long as build->changes)? */
int unit_reads_any(const struct series *series, const struct trees *trees, const struct unit *unit,
		   const bool *marked, bool *reads, struct diag *diag);

/*
 * The file of the patched tree that defines @macro for @unit, and the line. NULL: not found. Caller
 * frees.
 */
char *macro_place(const struct series *series, struct trees *trees, const struct unit *unit,
		  const struct macro *macro, unsigned int *line, struct diag *diag);

#endif
