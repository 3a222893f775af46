/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the passes behind the differ know of modules and of the differ's report. */
#ifndef KPATCH_BUILD_MODULES_H
#define KPATCH_BUILD_MODULES_H

#include <stdbool.h>
#include <jansson.h>

#include "kpatch-build/build.h"

/* The folder in which the module for @object is built. Caller frees; NULL if memory is out. */
char *module_dir(const struct build *build, const struct object *object);

/*
 * Fill the numbers of types into new sets of them in @object's module (include/linux/btf_ids.h).
 * 0 or a negative error number, reported: KS356.
 */
int fill_btf_ids(struct build *build, const struct object *object);

/* Of a row of "functions" in create-diff-object's report. */

#endif
