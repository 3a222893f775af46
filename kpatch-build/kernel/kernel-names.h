/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernels several --kernel, or a pattern, stand for: kernel-names.c. */
#ifndef KPATCH_BUILD_KERNEL_NAMES_H
#define KPATCH_BUILD_KERNEL_NAMES_H

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/*
 * The releases that build->options asks for, each once, by version; @releases is empty before, and
 * the caller frees it in any case. What stands for no kernel is reported, all of it, and negative.
 */
int kernel_names(struct build *build, struct words *releases);

/* A pattern as of fnmatch(3), not the name of a kernel. */
bool kernel_name_is_pattern(const char *kernel);

#endif
