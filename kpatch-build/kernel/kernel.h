/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of kernel.c that other passes use too; the pass itself is in build.h. */
#ifndef KPATCH_BUILD_KERNEL_H
#define KPATCH_BUILD_KERNEL_H

#include "kpatch-build/build.h"

/* "6.1" of "6.1.0-56-cloud-amd64", as in linux-source-6.1. Caller frees; NULL if it has no number. */
char *kernel_series(const char *release);

/* The value of an option in the text of a .config. Caller frees; NULL if it isn't set. */
char *config_value(const char *config, const char *name);

/* KS348 if the kernel says of itself that its configuration is another one. */
int check_shipped_config(struct build *build);
/* The configuration that is in a kernel's .rodata; caller frees. NULL: none, or a damaged one. */
char *config_in_kernel(const char *bytes, size_t size);

/*
 * Only one process at a time may change what is cached of a kernel. Waits, and
 * says so. Reported and negative if it can't be had. The lock is counted by
 * nobody: take it once, and give it back.
 */
int kernel_lock(struct build *build);
void kernel_unlock(struct build *build);

/* Where the cache is, ->kernel.cache; and which kernel options.kernel means, ->kernel.release. */
int set_cache(struct build *build);
int set_release(struct build *build);

/* given.c: what was given by hand, before anything is looked for. */
int take_given(struct build *build);
int release_of_vmlinux(struct build *build, char **release);
/* Make ->source of one that was given; with the lock held. */
int prepare_given_source(struct build *build);
void given_free(struct given *given);

/* Whether the cache has the unpacked packages of this kernel. */
bool cached_root_is_complete(struct build *build);

/* The deb of the source of exactly this kernel, in the cache; NULL if it isn't there. Caller frees. */
char *find_source_deb(struct build *build);
/* Download it; with the lock held. */
int fetch_source(struct build *build);

/*
 * Call @found for every module with debug information; @relative is its path below modules/.
 * Stops at the first error and returns it.
 */
int for_each_debug_module(struct build *build,
			  int (*found)(const char *path, const char *relative, void *arg),
			  void *arg);
/*
 * Make the index of units (index.c) if there is none, under the lock that the caller holds: it needs the
 * source but no build tree, and so is begun in a process of its own. The second waits for it; it is to
 * be called whatever happens between, with @err, which it then returns.
 */
struct process;
int begin_unit_index(struct build *build, struct process *process);
int end_unit_index(struct build *build, struct process *process, int err);
/* arch/<name> of a kernel, "x86"; "" if it is unknown. */
const char *kernel_arch(const char *vmlinux);

#endif
