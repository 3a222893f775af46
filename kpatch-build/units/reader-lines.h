/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See reader-lines.c. */
#ifndef KPATCH_BUILD_READER_LINES_H
#define KPATCH_BUILD_READER_LINES_H

#include <stdbool.h>

struct diag;
struct series;
struct trees;

/* Report KS361 for each script of the build whose lines the diffs change. 0 or negative, reported. */
int compare_lines_of_scripts(const struct series *series, const struct trees *trees,
			     struct diag *diag);

/* Does a script of the build read the file @path? */
bool is_read_by_script(const char *path);

#endif
