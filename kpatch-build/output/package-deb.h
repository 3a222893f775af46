/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages of this kind: package-deb.c. */
#ifndef KPATCH_BUILD_OUTPUT_PACKAGE_DEB_H
#define KPATCH_BUILD_OUTPUT_PACKAGE_DEB_H

#include "kpatch-build/output/package.h"

/* Make build->package of what is in the tree, and of what belongs to this kind. 0 or negative, reported. */
int package_deb(struct build *build, struct package *package);

#endif
