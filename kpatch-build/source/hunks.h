/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff(1) tells which lines the diffs changed, from the trees before and after
 * all of them: the numbers in the user's diffs are those of a tree to which
 * other diffs may have been applied, or not.
 */
#ifndef KPATCH_BUILD_HUNKS_H
#define KPATCH_BUILD_HUNKS_H

#include <stddef.h>

/* As diff -U0 counts: if one side has no lines, ->old or ->new is the line before. */
struct hunk {
	unsigned int old, n_old, new, n_new;
};

/* The differences between two files. 0 or negative errno; *@hunks is NULL if there are none. */
int hunks_between(const char *original, const char *patched, struct hunk **hunks, size_t *n);

#endif
