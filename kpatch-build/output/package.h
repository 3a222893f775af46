/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The package to make: package.c. The pass is declared in build.h. */
#ifndef KPATCH_BUILD_PACKAGE_H
#define KPATCH_BUILD_PACKAGE_H

#include <sys/types.h>
#include <time.h>

#include "kpatch-build/build.h"

#define PACKAGE_FAILED "KS951"

/* What the pass fills in, step by step; it owns all strings. */
struct package {
	char *name; /* livepatch-fix-6.1.0-13-amd64 */
	char *version;
	char *architecture; /* the name that this kind of package uses */
	char *maintainer;
	char *tree; /* the files of the package */
	time_t date; /* that of the newest diff: the same diffs make the same package */
};

#endif
