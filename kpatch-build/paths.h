/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of the kernel's tree can have many names; a diff uses the shortest. */
#ifndef KPATCH_BUILD_PATHS_H
#define KPATCH_BUILD_PATHS_H

/* "a/b/../c.c" → "a/c.c". By text alone: right where no folder is a link. Caller frees; NULL: no memory. */
char *path_without_dots(const char *path);

#endif
