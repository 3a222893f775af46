/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lines the diffs changed is asked of diff(1), over the trees before and
 * after all of them: the numbers in the user's diffs are of a tree that others
 * have been applied to, or not.
 */
#ifndef KPATCH_BUILD_HUNKS_H
#define KPATCH_BUILD_HUNKS_H

#include <stddef.h>

/* As diff -U0 counts: without lines of one side, ->old or ->new is the line before. */
struct hunk {
	unsigned int old, n_old, new, n_new;
};

/* How two files differ. 0 or negative errno; *@hunks is NULL if they don't. */
int hunks_between(const char *original, const char *patched, struct hunk **hunks, size_t *n);

#endif
