/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the output folder: output.c. The passes are declared in build.h. */
#ifndef KPATCH_BUILD_OUTPUT_H
#define KPATCH_BUILD_OUTPUT_H

#include "kpatch-build/build.h"

/*
 * Write the modules, the manifest and the report to the folder @dir. 0 or negative errno, not
 * reported.
 */
int fill_output(const struct reached *reached, const struct livepatch *livepatch, const char *dir);

#endif
