/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output folder: output.c. The passes are in build.h. */
#ifndef KPATCH_BUILD_OUTPUT_H
#define KPATCH_BUILD_OUTPUT_H

#include "kpatch-build/build.h"

/* Put the modules, the manifest and the report into folder @dir. 0 or negative errno, not reported. */
int fill_output(struct build *build, const char *dir);

#endif
