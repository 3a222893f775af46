/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed makefiles mean: makefile-changes.c. */
#ifndef KPATCH_BUILD_UNITS_MAKEFILE_CHANGES_H
#define KPATCH_BUILD_UNITS_MAKEFILE_CHANGES_H

struct job;
struct kernel;
struct series;
struct trees;

/*
 * Mark the added and removed files whose objects a changed makefile lists or no longer lists
 * (->linked), refuse other effects, and leave out makefiles without any. 0 or negative, reported.
 */
int check_makefiles(const struct job *job, const struct kernel *kernel, const struct series *series,
		    const struct trees *trees);

#endif
