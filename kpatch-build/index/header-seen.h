/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See header-seen.c. */
#ifndef KPATCH_BUILD_HEADER_SEEN_H
#define KPATCH_BUILD_HEADER_SEEN_H

#include "kpatch-build/index/header-reads.h"

struct job;
struct kernel;

/* Collect all reads that the debug information of the kernel shows. 0 or negative, reported. */
int header_reads_collect(const struct job *job, struct kernel *kernel, struct header_reads *reads);

void header_reads_free(struct header_reads *reads);

#endif
