/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See temporary.c. */
#ifndef LIB_TEMPORARY_H
#define LIB_TEMPORARY_H

#include "lib/files.h"

void atomic_file_abort(struct atomic_file *file);

int atomic_file_begin(struct atomic_file *file, const char *path, mode_t mode);

/* fsync and rename; on error the temporary file is removed. Ends @file in either case. */
int atomic_file_commit(struct atomic_file *file);

#endif
