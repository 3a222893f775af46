/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuild records how it made each file, and which files the compiler read for
 * it (".meminfo.o.cmd"). If a user's build still exists, nothing else tells as
 * precisely which unit is part of what.
 */
#ifndef KPATCH_BUILD_RECORDED_H
#define KPATCH_BUILD_RECORDED_H

#include "lib/diag.h"

struct recorded_unit {
	const char *object; /* relative to the folder: "fs/proc/meminfo.o" */
	const char *source; /* as given to the compiler */
	const char *module; /* "fs/ext4/ext4"; NULL: part of vmlinux */
	const char *text; /* of the whole .cmd file */
};

/*
 * Call @found for each unit that was compiled in @folder and became part of vmlinux or of a module,
 * once for each module. Stops at the first error and returns it.
 */
int for_each_recorded_unit(const char *folder,
			   int (*found)(const struct recorded_unit *unit, void *arg), void *arg,
			   struct diag *diag);

/* Call @found for each file that the compiler read for @unit. */
int for_each_recorded_read(const struct recorded_unit *unit,
			   int (*found)(const char *unit, const char *file, void *arg), void *arg);

#endif
