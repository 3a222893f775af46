/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel to build for: kernel.c. The pass that finds its parts is
 * declared in build.h.
 */
#ifndef KPATCH_BUILD_KERNEL_H
#define KPATCH_BUILD_KERNEL_H

#include "kpatch-build/build.h"

/* Set ->kernel.release to the kernel that ->options.kernel means. */
int set_release(const struct job *job, struct kernel *kernel);

/* "trixie/newest" → ->kernel.suite, and *@name "newest"; without a suite NULL. Reported: KS388. */
int take_suite(const struct job *job, struct kernel *kernel, const char **name);

#endif
