/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a tree doesn't say all that a compiler will read: a name may be
 * put together by macros, a folder be a link, a file lie where the search for
 * text doesn't go. What a unit was seen to read when the kernel was built is
 * known besides, if not in full: from the tables of files in debug information.
 * The two together leave out less than either.
 */
#ifndef KPATCH_BUILD_HEADER_READS_H
#define KPATCH_BUILD_HEADER_READS_H

#include <stddef.h>
#include <stdio.h>

#include "lib/diag.h"

struct build;
struct header_graph;
struct unit_index;

/* Which unit was seen to read which file; paths as diffs name them. */
struct header_reads {
	struct header_read {
		const char *unit, *file;
	} * list;
	size_t n, cap;
	void *names; /* tsearch(): what each name in debug information is called in the tree */
};

/* Add one; the strings aren't copied. 0 or -ENOMEM. */
int header_reads_add(struct header_reads *reads, const char *unit, const char *file);

/*
 * Write to @out, as a line of the graph each, the @reads that can't be found by following @text
 * (and the .c files that @includes lists). *@n: how many. 0 or -ENOMEM.
 */
int header_reads_write_missing(struct header_reads *reads, const struct header_graph *text,
			       const struct unit_index *includes, FILE *out, size_t *n);

#endif
