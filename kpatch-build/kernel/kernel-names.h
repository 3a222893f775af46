/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernels several --kernel options, or a pattern, stand for:
 * kernel-names.c.
 */
#ifndef KPATCH_BUILD_KERNEL_NAMES_H
#define KPATCH_BUILD_KERNEL_NAMES_H

#include "lib/strvec.h"
#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/*
 * The releases that build->options asks for, each once, by version. @releases is empty before; the
 * caller frees it in any case. Every name that stands for no kernel is reported; then it is
 * negative.
 */
int kernel_names(struct job *job, struct kernel *kernel, struct strvec *releases);

/* Is it a pattern for fnmatch(3), rather than the name of a kernel? */
bool kernel_name_is_pattern(const char *kernel);

#endif
