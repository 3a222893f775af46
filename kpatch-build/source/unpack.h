/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diffs are read from pipes and compressed files, whose size is unknown until they are read. A few
 * kilobytes can unpack to more than the machine's memory. So both have a size limit.
 */
#ifndef KPATCH_BUILD_UNPACK_H
#define KPATCH_BUILD_UNPACK_H

#include <stddef.h>

/* A fix has some kilobytes, and the difference between two stable releases some MiB. */
#define INPUT_MAX (64UL << 20)

struct job;

/*
 * Read @path ("-": standard input), and return it in *@text, unpacked if it is compressed: *@size
 * bytes, followed by a NUL. Caller frees. Also write what was read to the file @raw, since a pipe
 * can only be read once. @label: the name of @path in messages. 0 or negative errno, reported.
 */
int read_input(const struct job *job, const char *path, const char *label, const char *raw,
	       char **text, size_t *size);

#endif
