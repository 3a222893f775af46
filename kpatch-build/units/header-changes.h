/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two versions of a header differ in: header-changes.c. */
#ifndef KPATCH_BUILD_HEADER_CHANGES_H
#define KPATCH_BUILD_HEADER_CHANGES_H

#include <stdbool.h>

#include "kpatch-build/units/header-parts.h"

enum header_side { HEADER_LOST = 1, HEADER_GAINED = 2 };

/*
 * Call @found for each part with a name that only one of the two has, or has elsewhere.
 * *@unknown: a part without a name is among them, or the headers are too long.
 * 0, -ENOMEM, or what @found returned.
 */
int header_changes(const struct header_parts *old, const struct header_parts *new,
		   int (*found)(const struct header_part *part, enum header_side side, void *arg),
		   void *arg, bool *unknown);

#endif
