/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the index of a kernel: make-index.c. */
#ifndef KPATCH_BUILD_MAKE_INDEX_H
#define KPATCH_BUILD_MAKE_INDEX_H

#include "kpatch-build/build.h"
#include "lib/process.h"

/*
 * Call @found for every module with debug information; @relative is its path below modules/. Stops
 * at the first error and returns it.
 */
int for_each_debug_module(const struct job *job, struct kernel *kernel,
			  int (*found)(const char *path, const char *relative, void *arg),
			  void *arg);

/*
 * Make the index of units if there is none, under the lock that the caller holds. It needs the
 * source but no build tree, so it is started in a process of its own. The second function waits for
 * it. It has to be called whatever happens in between, with @err, which it then returns.
 */
int begin_unit_index(struct build *build, struct process *process);
int end_unit_index(struct build *build, struct process *process, int err);

/* arch/<name> of a kernel, "x86"; "" if it is unknown. */
const char *kernel_arch(const char *vmlinux);

#endif
