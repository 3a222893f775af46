/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See reader-texts.c. */
#ifndef KPATCH_BUILD_READER_TEXTS_H
#define KPATCH_BUILD_READER_TEXTS_H

#include "kpatch-build/units/readers.h"

/* Report KS361 for each reader that the diffs change. 0 or negative, reported. */
int compare_readers(struct build *build, const struct readers *readers);

#endif
