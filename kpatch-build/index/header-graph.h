/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A changed header changes units that the diff doesn't name. Debug information
 * can't tell which: a header of macros leaves nothing in it. The compiler can,
 * for units that it has compiled, but most of them never are. So the text of
 * the whole tree is searched, once per kernel, for its #include lines, which
 * are kept in a text file, one on each line:
 *
 *	including file <tab> =file        "x.h" beside the including file
 *	including file <tab> linux/x.h    found somewhere on a search path
 *
 * Following these lines upwards from a header finds too many units rather than
 * too few. The list of files that the compiler read then tells which ones are
 * affected.
 */
#ifndef KPATCH_BUILD_HEADER_GRAPH_H
#define KPATCH_BUILD_HEADER_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/diag.h"

/* The number changes with the format, as in UNIT_INDEX_NAME. */
#define HEADER_GRAPH_NAME "headers-4"

struct header_edge {
	const char *includer, *text;
	const char *base; /* the last component of text */
};

struct header_graph {
	char *data;
	struct header_edge *edges; /* sorted by base */
	size_t n;
};

struct header_reads;
struct unit_index;

/* 0; -ENOENT if the file doesn't exist or has another @id; other errors are reported. */
int header_graph_load(const char *path, const char *id, struct header_graph *graph,
		      struct diag *diag);
void header_graph_free(struct header_graph *graph);

/*
 * Search @source, and the headers that kbuild made in @build, and write the file. Reads that are
 * known otherwise (header-reads.h), and don't follow from the text and the .c files that @includes
 * lists, are added. Both may be NULL.
 */
int header_graph_make(const char *source, const char *build, const char *arch, const char *path,
		      const char *id, struct header_reads *reads, const struct unit_index *includes,
		      struct diag *diag);

/* Call @found for each line that can mean that @path is included, until it returns other than 0. */
int header_graph_includers(const struct header_graph *graph, const char *path,
			   int (*found)(const struct header_edge *edge, void *arg), void *arg);

/* Can that line mean that @path is included? */
bool header_edge_can_be(const struct header_edge *edge, const char *path);

/* Headers that every compiler command names to be read first; the list ends with NULL. */
const char *const *header_graph_everywhere(void);

/*
 * Call @found for every .c and .S file that may read @header (a path in the tree), once each.
 * *@everywhere: the compiler reads it, or a file that includes it, before every unit.
 */
int header_graph_reach(const struct header_graph *graph, const char *header, bool *everywhere,
		       int (*found)(const char *source, void *arg), void *arg);

#endif
