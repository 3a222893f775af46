/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking kbuild about the patched source: new-units.c. The pass is in build.h. */
#ifndef KPATCH_BUILD_UNITS_NEW_UNITS_H
#define KPATCH_BUILD_UNITS_NEW_UNITS_H

#include "kpatch-build/build.h"
#include "lib/process.h"

/*
 * Run kbuild for @target with the patched source, in a build tree of this run's own: *@tree, which
 * the caller frees. 0 or negative; what the caller doesn't report is in @process, to be ended by it.
 */
int make_in_shadow(const struct job *job, struct kernel *kernel, const struct oot_module *oot,
		   const struct trees *trees, const char *target, struct process *process,
		   char **tree);

#endif
