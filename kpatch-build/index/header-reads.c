// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Following the text upwards from each of ten thousand headers would take
 * minutes. So it is followed downwards, once from each unit: the files in the
 * lines of the text are numbered first, and finding what a unit reads is then a
 * walk over arrays. See header-reads.h for the problem.
 */
#include <errno.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "lib/files.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/header-reads.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/index/unit-index.h"

int header_reads_add(struct header_reads *reads, const char *unit, const char *file)
{
	if (reads->n == reads->cap) {
		size_t cap = reads->cap ? 2 * reads->cap : 4096;
		struct header_read *list = realloc(reads->list, cap * sizeof(*list));

		if (!list)
			return -ENOMEM;
		reads->list = list;
		reads->cap = cap;
	}
	reads->list[reads->n++] = (struct header_read){ unit, file };
	return 0;
}

struct edge {
	uint32_t from, to;
};

struct numbers {
	const char **paths; /* sorted; the number of a file is its index here */
	size_t n;
	uint32_t *by_base; /* numbers, sorted by the last component of the path */
	struct edge *edges; /* sorted by from */
	size_t n_edges, cap;
	size_t *first; /* first edge of each file; one more at the end */
	uint32_t *seen; /* the last walk in which a file was seen */
	uint32_t *queue;
};

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_bases(const void *a, const void *b, void *arg)
{
	const struct numbers *numbers = arg;

	return strcmp(base_name(numbers->paths[*(const uint32_t *)a]),
		      base_name(numbers->paths[*(const uint32_t *)b]));
}

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from ? 1 : -1)
	       : x->to != y->to	  ? (x->to > y->to ? 1 : -1)
				  : 0;
}

static int compare_reads(const void *a, const void *b)
{
	const struct header_read *x = a, *y = b;

	return strcmp(x->unit, y->unit) ?: strcmp(x->file, y->file);
}

/* SIZE_MAX: it has no number. */
static size_t number_of(const struct numbers *numbers, const char *path)
{
	const char **found = bsearch(&path, numbers->paths, numbers->n, sizeof(*numbers->paths),
				     compare_strings);

	return found ? (size_t)(found - numbers->paths) : SIZE_MAX;
}

/* Number every file that includes something, and every file that was read. */
static int number_files(struct numbers *numbers, const struct header_graph *text,
			const struct unit_index *includes, const struct header_reads *reads)
{
	size_t n = 0, kept = 0;

	numbers->paths = calloc(text->n + includes->n_includes + 2 * reads->n + 1, sizeof(char *));
	if (!numbers->paths)
		return -ENOMEM;
	for (size_t i = 0; i < text->n; i++)
		numbers->paths[n++] = text->edges[i].includer;
	for (size_t i = 0; i < includes->n_includes; i++)
		numbers->paths[n++] = includes->includes[i].includer;
	for (size_t i = 0; i < reads->n; i++) {
		numbers->paths[n++] = reads->list[i].unit;
		numbers->paths[n++] = reads->list[i].file;
	}
	qsort(numbers->paths, n, sizeof(*numbers->paths), compare_strings);
	for (size_t i = 0; i < n; i++)
		if (!i || strcmp(numbers->paths[i], numbers->paths[kept - 1]))
			numbers->paths[kept++] = numbers->paths[i];
	numbers->n = kept;
	numbers->by_base = calloc(kept + 1, sizeof(*numbers->by_base));
	numbers->first = calloc(kept + 2, sizeof(*numbers->first));
	numbers->seen = calloc(kept + 1, sizeof(*numbers->seen));
	numbers->queue = calloc(kept + 1, sizeof(*numbers->queue));
	if (!numbers->by_base || !numbers->first || !numbers->seen || !numbers->queue)
		return -ENOMEM;
	for (size_t i = 0; i < kept; i++)
		numbers->by_base[i] = i;
	qsort_r(numbers->by_base, kept, sizeof(*numbers->by_base), compare_bases, numbers);
	return 0;
}

static int add_edge(struct numbers *numbers, size_t from, size_t to)
{
	if (numbers->n_edges == numbers->cap) {
		size_t cap = numbers->cap ? 2 * numbers->cap : 65536;
		struct edge *edges = realloc(numbers->edges, cap * sizeof(*edges));

		if (!edges)
			return -ENOMEM;
		numbers->edges = edges;
		numbers->cap = cap;
	}
	numbers->edges[numbers->n_edges++] = (struct edge){ from, to };
	return 0;
}

/* Add edges from @line->includer to every file that its text can mean. */
static int add_line(struct numbers *numbers, const struct header_edge *line)
{
	size_t low = 0, high = numbers->n, from = number_of(numbers, line->includer);
	int err = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(base_name(numbers->paths[numbers->by_base[mid]]), line->base) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < numbers->n && !err; low++) {
		const char *path = numbers->paths[numbers->by_base[low]];

		if (strcmp(base_name(path), line->base))
			break;
		if (header_edge_can_be(line, path))
			err = add_edge(numbers, from, numbers->by_base[low]);
	}
	return err;
}

static int number_edges(struct numbers *numbers, const struct header_graph *text,
			const struct unit_index *includes)
{
	int err = 0;

	for (size_t i = 0; i < text->n && !err; i++)
		err = add_line(numbers, &text->edges[i]);
	for (size_t i = 0; i < includes->n_includes && !err; i++) {
		struct header_edge line = { includes->includes[i].includer,
					    includes->includes[i].text,
					    base_name(includes->includes[i].text) };

		err = add_line(numbers, &line);
	}
	if (err)
		return err;
	if (numbers->n_edges)
		qsort(numbers->edges, numbers->n_edges, sizeof(*numbers->edges), compare_edges);
	for (size_t i = 0, e = 0; i <= numbers->n; i++) {
		while (e < numbers->n_edges && numbers->edges[e].from < i)
			e++;
		numbers->first[i] = e;
	}
	return 0;
}

/* Mark everything that can be reached from @file as seen. */
static void walk(struct numbers *numbers, size_t file, uint32_t number)
{
	size_t n = 0;

	if (file == SIZE_MAX || numbers->seen[file] == number)
		return;
	numbers->seen[file] = number;
	numbers->queue[n++] = file;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = numbers->queue[i];

		for (size_t e = numbers->first[at]; e < numbers->first[at + 1]; e++) {
			uint32_t to = numbers->edges[e].to;

			if (numbers->seen[to] == number)
				continue;
			numbers->seen[to] = number;
			numbers->queue[n++] = to;
		}
	}
}

static void walk_everywhere(struct numbers *numbers, uint32_t number)
{
	for (const char *const *header = header_graph_everywhere(); *header; header++)
		walk(numbers, number_of(numbers, *header), number);
}

int header_reads_write_missing(struct header_reads *reads, const struct header_graph *text,
			       const struct unit_index *includes, FILE *out, size_t *n)
{
	struct numbers numbers = { 0 };
	const char *unit = NULL;
	uint32_t number = 0;
	int err;

	*n = 0;
	if (reads->n)
		qsort(reads->list, reads->n, sizeof(*reads->list), compare_reads);
	err = number_files(&numbers, text, includes, reads);
	err = err ?: number_edges(&numbers, text, includes);
	for (size_t i = 0; i < reads->n && !err; i++) {
		const struct header_read *read = &reads->list[i];
		size_t file = number_of(&numbers, read->file);

		if (!unit || strcmp(unit, read->unit)) {
			unit = read->unit;
			number++;
			walk_everywhere(&numbers, number);
			walk(&numbers, number_of(&numbers, unit), number);
		}
		if (numbers.seen[file] == number)
			continue;
		fprintf(out, "%s\t=%s\n", unit, read->file);
		walk(&numbers, file, number);
		++*n;
	}
	free(numbers.paths);
	free(numbers.by_base);
	free(numbers.edges);
	free(numbers.first);
	free(numbers.seen);
	free(numbers.queue);
	return err;
}
