/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes .rpm packages: package-rpm.c. */
#ifndef KPATCH_BUILD_OUTPUT_PACKAGE_RPM_H
#define KPATCH_BUILD_OUTPUT_PACKAGE_RPM_H

#include "kpatch-build/output/package.h"

/*
 * Make build->package from the files in the tree and the parts that only an .rpm has. 0 or
 * negative, reported.
 */
int package_rpm(struct build *build, struct package *package);

#endif
