/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the manifest says about an object in addition to its functions:
 * details.c.
 */
#ifndef KPATCH_BUILD_DETAILS_H
#define KPATCH_BUILD_DETAILS_H

#include <jansson.h>

#include "kpatch-build/build.h"

/*
 * The functions of the source that the diffs change, and that are inlined into replaced or new
 * functions: [{"name","file","line","into":[…]}…]. The caller owns it.
 */
json_t *inlined_of_object(const struct series *series, struct trees *trees,
			  const struct reached *reached, const struct object *object);

/*
 * New and removed variables as create-diff-object reports them, with their "unit", and the kernel's
 * variables that the new code uses (status "used"). The caller owns it.
 */
json_t *data_of_object(const struct reached *reached, const struct object *object);

/*
 * The number of types compared, and those whose layout changes, or may: {"compared","changed":[…]}.
 */
json_t *types_of_object(const struct object *object);

#endif
