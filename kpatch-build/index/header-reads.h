/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a tree doesn't tell everything that a compiler will read: macros
 * may compose a name, a folder may be a link, a file may be where the text
 * search doesn't look. In addition, the tables of files in debug information
 * tell, though incompletely, what a unit read when the kernel was built. The
 * two together miss less than either.
 */
#ifndef KPATCH_BUILD_HEADER_READS_H
#define KPATCH_BUILD_HEADER_READS_H

#include <stddef.h>
#include <stdio.h>

#include "lib/diag.h"

struct header_graph;
struct unit_index;

/* Which unit was seen to read which file; paths as in diffs. */
struct header_reads {
	struct header_read {
		const char *unit, *file;
	} * list;
	size_t n, cap;
	void *names; /* tsearch(): the path in the tree for each name in debug information */
};

/* Add one; the strings aren't copied. 0 or -ENOMEM. */
int header_reads_add(struct header_reads *reads, const char *unit, const char *file);

/*
 * Write to @out, one line of the graph each, those of @reads that can't be found by following @text
 * (and the .c files that @includes lists). *@n: how many. 0 or -ENOMEM.
 */
int header_reads_write_missing(struct header_reads *reads, const struct header_graph *text,
			       const struct unit_index *includes, FILE *out, size_t *n);

#endif
