/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Macros that take over the value of another one: macro-successor.c. */
#ifndef KPATCH_BUILD_MACRO_SUCCESSOR_H
#define KPATCH_BUILD_MACRO_SUCCESSOR_H

#include "kpatch-build/check/constant-expression.h"
#include "kpatch-build/check/macro-set.h"

struct diag;
struct series;
struct trees;

/*
 * If the diffs add a definition of @new, find a macro of @old that they remove, and that had the same
 * value. *@found is NULL if there is none. 0 or negative errno.
 */
int macro_predecessor(const struct series *series, const struct trees *trees,
		      const struct macro_set *old, const struct macro_set *patched,
		      const struct macro *new, const struct macro **found, struct constant *value,
		      struct diag *diag);

#endif
