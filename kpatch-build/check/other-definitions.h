/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See other-definitions.c. */
#ifndef KPATCH_BUILD_OTHER_DEFINITIONS_H
#define KPATCH_BUILD_OTHER_DEFINITIONS_H

#include "kpatch-build/check/globals.h"

struct diag;
struct kernel;
struct reached;
struct trees;

/*
 * Find the source of another unit of the object with a weak definition of @row's name, which the
 * linker has dropped; *@source is NULL if there is none. Caller frees.
 */
int find_other_definition(const struct kernel *kernel, const struct trees *trees,
			  const struct reached *reached, struct diag *diag,
			  const struct global *row, char **source);

#endif
