/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A diff tells in lines what its author changed; the compiler's output consists
 * of functions. To find the helper that a change is in, and to show a function
 * to a reviewer, the patched source is needed by lines.
 */
#ifndef KPATCH_BUILD_SOURCE_FILES_H
#define KPATCH_BUILD_SOURCE_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct series;
struct trees;

/* Lines that the diffs have added or changed; n is 0: lines after @first were removed. */
struct line_range {
	unsigned int first, n;
};

/* A file of the patched tree. Lines count from 1. */
struct source_file {
	char *path;
	char *text;
	const char **lines; /* lines[0] is line 1 */
	size_t n;
	struct line_range *ranges;
	size_t n_ranges;
};

struct source_files {
	struct source_file **files;
	size_t n;
};

/* Loaded when first needed, and kept until source_files_free(). NULL: it can't be read. */
const struct source_file *source_file_get(const struct series *series, struct trees *trees,
					  const char *path);
void source_files_free(struct source_files *files);

/*
 * The last line of the function whose definition begins at @line; @line itself if no end is found.
 */
unsigned int source_function_end(const struct source_file *file, unsigned int line);
/* Do the diffs change anything from line @first to @last? */
bool source_is_touched(const struct source_file *file, unsigned int first, unsigned int last);
/* Have the diffs written this line? */
bool source_line_is_new(const struct source_file *file, unsigned int line);

#endif
