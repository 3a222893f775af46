/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where what is made of a kernel is kept: cache.c. */
#ifndef KPATCH_BUILD_CACHE_H
#define KPATCH_BUILD_CACHE_H

#include "kpatch-build/build.h"

/* Where the cache is, ->kernel.cache; and what it has of this kernel, ->kernel.root to ->kernel.index. */
int set_cache(struct kernel *kernel, struct diag *diag);
int set_paths(struct kernel *kernel, struct diag *diag);

/*
 * Only one process at a time may change what is cached of a kernel. Waits, and
 * says so. Reported and negative if it can't be had. A process must not take the
 * lock twice.
 */
int kernel_lock(const struct job *job, struct kernel *kernel);
void kernel_unlock(struct kernel *kernel);

#endif
