/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of the kernel's tree can be written in many ways; a diff uses the shortest path. */
#ifndef KLP_SPLIT_PATHS_H
#define KLP_SPLIT_PATHS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * "a/b/../c.c" → "a/c.c". Looks at the text alone: right where no folder is a symbolic link. Caller
 * frees; NULL: no memory.
 */
char *path_without_dots(const char *path);
/* "fs/ext4/super.c" → "super.c": what follows the last '/', or all of it. */
const char *base_name(const char *path);

/* The number of folders in @path. */
size_t path_depth(const char *path);

/* Can the kernel's makefiles work in @path? They split at blanks, and make takes ':' for a rule. */
bool path_is_plain(const char *path);

#endif
