/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cache of a kernel's files: cache.c. */
#ifndef KPATCH_BUILD_CACHE_H
#define KPATCH_BUILD_CACHE_H

#include "kpatch-build/build.h"

/*
 * Set the path of the cache, ->kernel.cache, and those of this kernel in it, ->kernel.root to
 * ->kernel.index.
 */
int set_cache(struct kernel *kernel, struct diag *diag);
int set_paths(struct kernel *kernel, struct diag *diag);

/*
 * Only one process at a time may change the cached files of a kernel. Waits for it, and says so.
 * Reported and negative if it fails. A process must not take the lock twice.
 */
int kernel_lock(const struct job *job, struct kernel *kernel);
void kernel_unlock(struct kernel *kernel);

#endif
