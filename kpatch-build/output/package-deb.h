/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes .deb packages: package-deb.c. */
#ifndef KPATCH_BUILD_OUTPUT_PACKAGE_DEB_H
#define KPATCH_BUILD_OUTPUT_PACKAGE_DEB_H

#include "kpatch-build/output/package.h"

/*
 * Make build->package from the files in the tree and the parts that only a .deb has. 0 or negative,
 * reported.
 */
int package_deb(struct build *build, struct package *package);

#endif
