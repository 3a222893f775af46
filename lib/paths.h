/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of the kernel's tree can have many names; a diff uses the shortest. */
#ifndef KLP_SPLIT_PATHS_H
#define KLP_SPLIT_PATHS_H

#include <stdbool.h>
#include <stddef.h>

/* "a/b/../c.c" → "a/c.c". By text alone: right where no folder is a link. Caller frees; NULL: no memory. */
char *path_without_dots(const char *path);
/* "fs/ext4/super.c" → "super.c": what follows the last '/', or all of it. */
const char *base_name(const char *path);

/* How many folders are named in it. */
size_t path_depth(const char *path);

/* Whether the kernel's makefiles can work there: they split at blanks, and make takes ':' for a rule. */
bool path_is_plain(const char *path);

#endif
