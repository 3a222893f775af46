/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See other-definitions.c. */
#ifndef KPATCH_BUILD_OTHER_DEFINITIONS_H
#define KPATCH_BUILD_OTHER_DEFINITIONS_H

#include "kpatch-build/check/globals.h"

/*
 * The source of another unit of the object that has a weak definition of @row's name, which the
 * linker has dropped; NULL in *@source if there is none. Caller frees.
 */
int find_other_definition(struct build *build, const struct global *row, char **source);

#endif
