/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run for several kernels: many-kernels.c. */
#ifndef KPATCH_BUILD_MANY_KERNELS_H
#define KPATCH_BUILD_MANY_KERNELS_H

#include "kpatch-build/build.h"

/*
 * Build for each kernel that build->options asks for, with the arguments of the command line, and
 * print the table of the outcomes to stdout, as text or JSON. Returns the exit code.
 */
int build_for_many(struct build *build, char **argv);

#endif
