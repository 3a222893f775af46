/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See walk.c. */
#ifndef KLP_SPLIT_WALK_H
#define KLP_SPLIT_WALK_H

#include <fts.h>

/*
 * The next entry of fts_read(); *@entry is NULL at the end. Negative errno for an entry that can't be
 * read: *@entry is that one, or NULL if the walk itself failed.
 */
int walk_next(FTS *fts, FTSENT **entry);

#endif
