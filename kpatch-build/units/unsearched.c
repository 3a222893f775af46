// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index of words has the text of the source tree and of the headers that kbuild
 * makes first. kbuild makes other files while it compiles a folder (crc32table.h,
 * x509.asn1.c), and some units come from folders that aren't searched
 * (tools/lib/bpf/relo_core.c, 6.1). What names those contain isn't known, so each unit
 * that consists of such text, or includes it, counts as a user of any name.
 *
 * Generated files that only headers include aren't asked for: flask.h and
 * av_permissions.h of SELinux alone, which consist of numbers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/unsearched.h"
#include "lib/paths.h"

/* A file that was searched, by its last component. */
struct searched {
	const char *base, *path;
};

static int compare_bases(const void *a, const void *b)
{
	return strcmp(((const struct searched *)a)->base, ((const struct searched *)b)->base);
}

static struct searched *sort_by_base(const struct word_index *words)
{
	struct searched *files = calloc(words->n + 1, sizeof(*files));

	for (size_t i = 0; files && i < words->n; i++) {
		files[i].path = words->files[i].path;
		files[i].base = base_name(files[i].path);
	}
	if (files && words->n)
		qsort(files, words->n, sizeof(*files), compare_bases);
	return files;
}

/* Can the edge lead to one of the @n files? */
static bool leads_to_searched(const struct header_edge *edge, const struct searched *files,
			      size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(files[mid].base, edge->base) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < n && !strcmp(files[low].base, edge->base); low++)
		if (header_edge_can_be(edge, files[low].path))
			return true;
	return false;
}

static bool is_header(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && !strcmp(dot, ".h");
}

int unsearched_units(const struct unit_index *index, const struct header_graph *graph,
		     const struct word_index *words, int (*found)(const char *source, void *arg),
		     void *arg)
{
	struct searched *files = sort_by_base(words);
	int err = files ? 0 : -ENOMEM;
	size_t n;

	for (size_t i = 0; i < index->n_units && !err; i++) {
		const char *source = index->units[i].source;

		/* ".vmlinux.export.c": tables that are made while vmlinux is linked */
		if (*base_name(source) != '.' && !word_index_find(words, source))
			err = found(source, arg);
	}
	for (size_t i = 0; i < graph->n && !err; i++) {
		const struct header_edge *edge = &graph->edges[i];

		if (!is_header(edge->includer) && unit_index_find(index, edge->includer, &n) &&
		    !leads_to_searched(edge, files, words->n))
			err = found(edge->includer, arg);
	}
	free(files);
	return err;
}
