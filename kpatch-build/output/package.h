/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A package that is made: package.c. The pass is in build.h. */
#ifndef KPATCH_BUILD_PACKAGE_H
#define KPATCH_BUILD_PACKAGE_H

#include <sys/types.h>
#include <time.h>

#include "kpatch-build/build.h"

#define PACKAGE_FAILED "KS951"

/* What the pass makes, step by step; all strings are owned. */
struct package {
	char *name; /* livepatch-fix-6.1.0-13-amd64 */
	char *version;
	char *architecture; /* as this kind of package calls it */
	char *maintainer;
	char *tree; /* what will be in it */
	time_t date; /* of the newest diff: the same diffs make the same package */
};

#endif
