/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's diffs come from pipes and archives, of which nobody knows the size before they are
 * read: some kilobytes can unpack to all memory there is. So both have a limit.
 */
#ifndef KPATCH_BUILD_UNPACK_H
#define KPATCH_BUILD_UNPACK_H

#include <stddef.h>

/* A fix has some kilobytes; what a distribution changes between two stable releases, some MiB. */
#define INPUT_MAX (64UL << 20)

struct job;

/*
 * Copy what @path has ("-": standard input) to the file @raw, and read it, unpacked if it is an
 * archive, to *@text, with a NUL after *@size bytes. Both are of this call alone: a pipe can be read
 * once. 0 or negative errno, reported; @label is what messages call it.
 */
int read_input(const struct job *job, const char *path, const char *label, const char *raw,
	       char **text, size_t *size);

#endif
