/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the manifest says of an object beyond its functions: details.c. */
#ifndef KPATCH_BUILD_DETAILS_H
#define KPATCH_BUILD_DETAILS_H

#include <jansson.h>

#include "kpatch-build/build.h"

/*
 * Functions of the source that the diffs change and that are inlined into what is replaced or new:
 * [{"name","file","line","into":[…]}…]. The caller owns it.
 */
json_t *inlined_of_object(struct build *build, const struct object *object);

/*
 * New and removed variables, as create-diff-object tells of them, with the "unit", and the kernel's
 * own that the new code uses (status "used"). Owned by the caller.
 */
json_t *data_of_object(const struct build *build, const struct object *object);

/* How many types were compared, and those whose layout changes and may: {"compared","changed":[…]}. */
json_t *types_of_object(const struct object *object);

#endif
