/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See reader-texts.c. */
#ifndef KPATCH_BUILD_READER_TEXTS_H
#define KPATCH_BUILD_READER_TEXTS_H

#include "kpatch-build/units/readers.h"

struct job;
struct kernel;
struct trees;

/* Report KS361 for each reader that the diffs change. 0 or negative, reported. */
int compare_readers(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		    const struct readers *readers);

#endif
