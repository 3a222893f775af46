// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes and searches the graph of #include lines; header-graph.h says why. */
#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/header-reads.h"
#include "kpatch-build/index/includes.h"
#include "lib/paths.h"
#include "lib/text.h"

#define MAGIC "klp-split headers 4 "

/*
 * Every command names these with -include (Makefile: LINUXINCLUDE, scripts/Makefile.lib: _c_flags).
 */
static const char *const everywhere_headers[] = {
	"include/linux/compiler-version.h",
	"include/linux/kconfig.h",
	"include/linux/compiler_types.h",
	NULL,
};

const char *const *header_graph_everywhere(void)
{
	return everywhere_headers;
}

/* Where kbuild puts headers that it makes, below the build tree. */
static const char *const generated[] = { "include", "arch" };

struct maker {
	FILE *out;
	const char *root; /* of the tree that is searched */
	const char *prefix; /* what is put before its paths in the one tree that a unit sees */
};

/* "fs/ext4/super.c", "ext4.h" → "fs/ext4/ext4.h"; caller frees */
static char *beside(const char *includer, const char *name)
{
	const char *slash = strrchr(includer, '/');
	char *joined = slash ? format("%.*s/%s", (int)(slash - includer), includer, name)
			     : strdup(name);
	char *path = joined ? path_without_dots(joined) : NULL;

	free(joined);
	return path;
}

/*
 * A compiler looks for "x.h" in the folder of the including file first, and uses it if it exists.
 */
static int write_edge(const struct maker *maker, const char *relative, char quote, const char *name)
{
	char *path = NULL, *full = NULL;
	int err = 0;

	if (quote == '"') {
		path = beside(relative, name);
		full = path ? path_join(maker->root, path, NULL) : NULL;
		if (!full)
			err = -ENOMEM;
	}
	if (!err && full && path_exists(full))
		fprintf(maker->out, "%s%s\t=%s%s\n", maker->prefix, relative, maker->prefix, path);
	else if (!err)
		fprintf(maker->out, "%s%s\t%s\n", maker->prefix, relative, name);
	free(full);
	free(path);
	return err;
}

/*
 * `#include "x.h"`, `#include <x.h>`, and `#define NAME <x.h>` for a header that is included by
 * that name elsewhere. @at is after the '#'. Ends the name in place.
 */
static const char *header_of_line(char *at, char *quote)
{
	char *open, *close;

	at += strspn(at, " \t");
	if (!str_starts(at, "include") && !str_starts(at, "define"))
		return NULL;
	open = strpbrk(at, "\"<");
	if (!open)
		return NULL;
	close = strchr(open + 1, *open == '"' ? '"' : '>');
	/* assembly includes assembly */
	if (!close || close - open < 4 ||
	    (!str_starts(close - 2, ".h") && !str_starts(close - 2, ".S")))
		return NULL;
	*quote = *open;
	*close = '\0'; /* ignore the rest, which is mostly a comment */
	return strchr(open + 1, '\t') ? NULL : open + 1;
}

static int add_file(const char *path, const char *relative, void *arg)
{
	const struct maker *maker = arg;
	char *data = NULL, *line, *end, quote;
	const char *name;
	size_t size;
	int err;

	if (strpbrk(relative, "\t\n"))
		return 0;
	err = read_file(path, &data, &size);
	for (line = data; !err && line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		line += strspn(line, " \t");
		name = *line == '#' ? header_of_line(line + 1, &quote) : NULL;
		if (name)
			err = write_edge(maker, relative, quote, name);
	}
	free(data);
	return err;
}

static int compare_edges(const void *a, const void *b)
{
	return strcmp(((const struct header_edge *)a)->base, ((const struct header_edge *)b)->base);
}

static int parse(struct header_graph *graph)
{
	char *line = graph->data, *next, *tab;
	size_t lines = 0;

	for (char *c = line; *c; c++)
		lines += *c == '\n';
	graph->edges = calloc(lines + 1, sizeof(*graph->edges));
	if (!graph->edges)
		return -ENOMEM;
	for (line = strchr(line, '\n') + 1; *line; line = next) {
		next = strchr(line, '\n');
		tab = strchr(line, '\t');
		if (!next || !tab || tab > next)
			return -EINVAL;
		*next++ = '\0';
		*tab++ = '\0';
		graph->edges[graph->n++] =
			(struct header_edge){ line, tab, base_name(tab + (*tab == '=')) };
	}
	qsort(graph->edges, graph->n, sizeof(*graph->edges), compare_edges);
	return 0;
}

/* Add known reads after the lines of the text, which are in the memory of @*data. */
static int add_reads(const struct maker *maker, char **data, struct header_reads *reads,
		     const struct unit_index *includes)
{
	struct header_graph text = { 0 };
	size_t n;
	int err = fflush(maker->out) || !(text.data = strdup(*data)) ? -ENOMEM : 0;

	err = err ?: parse(&text);
	err = err ?: header_reads_write_missing(reads, &text, includes, maker->out, &n);
	header_graph_free(&text);
	return err;
}

int header_graph_make(const char *source, const char *build, const char *arch, const char *path,
		      const char *id, struct header_reads *reads, const struct unit_index *includes,
		      struct diag *diag)
{
	char *data = NULL, *root, *prefix;
	struct maker maker = { .root = source, .prefix = "" };
	size_t size;
	int err;

	maker.out = open_memstream(&data, &size);
	if (!maker.out)
		return diag_oom(diag);
	fprintf(maker.out, MAGIC "%s\n", id);
	err = for_each_source(source, arch, add_file, &maker, diag);
	for (size_t i = 0; i < ARRAY_SIZE(generated) && !err; i++) {
		maker.root = root = path_join(build, generated[i], NULL);
		maker.prefix = prefix = format("%s/", generated[i]);
		if (!root || !prefix)
			err = diag_oom(diag);
		else if (path_exists(root))
			err = for_each_source(root, arch, add_file, &maker, diag);
		free(root);
		free(prefix);
	}
	if (!err && reads && add_reads(&maker, &data, reads, includes))
		err = diag_oom(diag);
	if (fclose(maker.out) && !err)
		err = diag_oom(diag);
	if (!err && (err = write_file_atomic(path, data, size, 0644)))
		diag_errno(diag, -err, path, "write");
	free(data);
	return err;
}

int header_graph_load(const char *path, const char *id, struct header_graph *graph,
		      struct diag *diag)
{
	size_t n = strlen(MAGIC), size;
	int err;

	memset(graph, 0, sizeof(*graph));
	err = read_file(path, &graph->data, &size);
	if (err == -ENOENT)
		return err;
	if (err)
		return diag_errno(diag, -err, path, "read");
	if (strncmp(graph->data, MAGIC, n) || !str_starts(graph->data + n, id) ||
	    graph->data[n + strlen(id)] != '\n')
		err = -EINVAL;
	err = err ?: parse(graph);
	if (err)
		header_graph_free(graph);
	return err == -ENOMEM ? diag_oom(diag) : err ? -ENOENT : 0;
}

void header_graph_free(struct header_graph *graph)
{
	free(graph->edges);
	free(graph->data);
	memset(graph, 0, sizeof(*graph));
}

/* The files found, each once. Those that have not yet been followed are at the end. */
struct reach {
	const struct header_graph *graph;
	void *seen; /* tsearch(): paths that belong to the graph */
	const char **files;
	size_t n, cap;
};

static int compare_paths(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int reach_file(struct reach *reach, const char *path)
{
	if (tfind(path, &reach->seen, compare_paths))
		return 0;
	if (reach->n == reach->cap) {
		size_t cap = reach->cap ? 2 * reach->cap : 256;
		const char **files = realloc(reach->files, cap * sizeof(*files));

		if (!files)
			return -ENOMEM;
		reach->files = files;
		reach->cap = cap;
	}
	if (!tsearch(path, &reach->seen, compare_paths))
		return -ENOMEM;
	reach->files[reach->n++] = path;
	return 0;
}

bool header_edge_can_be(const struct header_edge *edge, const char *path)
{
	return *edge->text == '=' ? !strcmp(edge->text + 1, path)
				  : include_can_be(edge->includer, edge->text, path);
}

int header_graph_includers(const struct header_graph *graph, const char *path,
			   int (*found)(const struct header_edge *edge, void *arg), void *arg)
{
	const char *base = base_name(path);
	size_t low = 0, high = graph->n;
	int err = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(graph->edges[mid].base, base) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < graph->n && !strcmp(graph->edges[low].base, base) && !err; low++)
		if (header_edge_can_be(&graph->edges[low], path))
			err = found(&graph->edges[low], arg);
	return err;
}

static int reach_includer(const struct header_edge *edge, void *arg)
{
	return reach_file(arg, edge->includer);
}

static bool ends_in(const char *path, const char *suffix)
{
	size_t n = strlen(path), s = strlen(suffix);

	return n > s && !strcmp(path + n - s, suffix);
}

static void keep_string(void *path)
{
}

int header_graph_reach(const struct header_graph *graph, const char *header, bool *everywhere,
		       int (*found)(const char *source, void *arg), void *arg)
{
	struct reach reach = { .graph = graph };
	int err = reach_file(&reach, header);

	*everywhere = false;
	for (size_t i = 0; i < reach.n && !err; i++) {
		const char *path = reach.files[i];

		for (const char *const *early = everywhere_headers; *early; early++)
			*everywhere |= !strcmp(path, *early);
		/* a .c file may be included too, by a unit or by a header: see unit-index.h */
		if (ends_in(path, ".c") || ends_in(path, ".S"))
			err = found(path, arg);
		if (!err && !ends_in(path, ".c"))
			err = header_graph_includers(graph, path, reach_includer, &reach);
	}
	tdestroy(reach.seen, keep_string);
	free(reach.files);
	return err;
}
