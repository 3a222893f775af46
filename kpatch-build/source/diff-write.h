/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See diff-write.c. */
#ifndef KPATCH_BUILD_DIFF_WRITE_H
#define KPATCH_BUILD_DIFF_WRITE_H

#include "kpatch-build/source/diff.h"

/*
 * `diff -u x.c x.c.new`: which of two names is the file's? The shorter one, if the other is that
 * with a suffix. NULL: it can't be told.
 */
const char *diff_choose_name(const char *old, const char *new);

/* Does diff_write() write anything of this entry? */
bool diff_is_written(const struct diff_entry *entry);

/*
 * Write to @path the input for patch(1): the entries that have a ->path, under that name, for -p1.
 * Parts that are left out need not apply, and patch(1) has no choice of names.
 */
int diff_write(const struct diff_list *list, const char *path);

#endif
