/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See temporary.c. */
#ifndef LIB_TEMPORARY_H
#define LIB_TEMPORARY_H

#include "lib/files.h"

void atomic_file_abort(struct atomic_file *file);

int atomic_file_begin(struct atomic_file *file, const char *path, mode_t mode);

/* fsync and rename; on error the temporary file is removed. Frees @file in either case. */
int atomic_file_commit(struct atomic_file *file);

/* Install the handlers; running children get the signal too (process.h). Call once from main(). */
void files_cleanup_on_signals(void);

void files_keep(const char *path);

/*
 * Make a folder in @parent (NULL: $TMPDIR) that is removed when the process
 * ends: exit(), SIGINT, SIGTERM, SIGHUP (files_cleanup_on_signals()), unless
 * files_keep() was called for it.
 */
int make_temp_dir(const char *parent, const char *prefix, char **path);

/* rm -r that doesn't follow links; 0 if it isn't there. */
int remove_tree(const char *path);

#endif
