/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The units of a livepatch: map.c. The pass is declared in build.h. */
#ifndef KPATCH_BUILD_MAP_H
#define KPATCH_BUILD_MAP_H

#include "kpatch-build/build.h"
#include "kpatch-build/index/unit-index.h"

/* NULL: none yet. Valid until a unit is added. */
struct unit *build_find_unit(const struct reached *reached, const struct unit_index_entry *entry);
/* Add a unit and its object, unless it exists. 0 or negative, reported. */
int map_unit(const struct job *job, const struct kernel *kernel, const struct oot_module *oot,
	     struct reached *reached, const struct unit_index_entry *entry);

#endif
