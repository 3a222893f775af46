// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A part that this kernel is built without can't be left out if the rest of the
 * diffs names it in a new line (#include), or if it is a header and a directive
 * changes in a file that includes it.
 */
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/units/needed-parts.h"
#include "lib/paths.h"

static bool is_out(const struct parts *parts, const char *path)
{
	for (size_t i = 0; i < parts->series->n_changes; i++)
		if (!strcmp(parts->series->changes[i].path, path))
			return parts->out[i] || parts->series->changes[i].ignored;
	return false;
}

/* Call @found for each changed line of the parts that are kept, until it returns true. */
static bool any_kept_line(const struct parts *parts,
			  bool (*found)(const char *line, size_t n, const char *path, void *arg),
			  void *arg)
{
	for (size_t d = 0; d < parts->series->n_diffs; d++)
		for (size_t e = 0; e < parts->texts[d].list.n; e++) {
			const struct diff_entry *entry = &parts->texts[d].list.entries[e];
			const char *path = entry_path(entry);

			if (!path || is_out(parts, path))
				continue;
			for (const char *at = entry->body; at && at < entry->body_end;) {
				size_t n = strcspn(at, "\n");

				if ((*at == '+' || *at == '-') && found(at, n, path, arg))
					return true;
				at += n + (at[n] == '\n');
			}
		}
	return false;
}

/* Does the added line name the file: "+#include <linux/x.h>", "+#define NAME x.h"? */
static bool line_names(const char *line, size_t n, const char *path, void *arg)
{
	const char *name = base_name(arg);

	return *line == '+' && strcmp(path, arg) && path_is_source(path) + path_is_header(path) &&
	       memmem(line, n, name, strlen(name));
}

/* A changed #if, #else, … in a file that includes the header @arg. */
struct includers {
	const struct parts *parts;
	const char *header, *path;
	bool does;
};

static int note_includer(const struct header_edge *edge, void *arg)
{
	struct includers *includers = arg;

	includers->does |= !strcmp(edge->includer, includers->path);
	return includers->does;
}

static bool line_directs(const char *line, size_t n, const char *path, void *arg)
{
	struct includers *includers = arg;
	const char *at = line + 1 + strspn(line + 1, " \t");

	if (at >= line + n || *at != '#' || !strcmp(path, includers->header))
		return false;
	includers->path = path;
	header_graph_includers(&includers->parts->graph, includers->header, note_includer,
			       includers);
	return includers->does;
}

static bool is_needed(const struct parts *parts, const char *path)
{
	struct includers includers = { .parts = parts, .header = path };

	return any_kept_line(parts, line_names, (void *)path) ||
	       (path_is_header(path) && any_kept_line(parts, line_directs, &includers));
}

/* Keep parts that another kept part needs; their own lines then count, too. */
void keep_needed_parts(struct parts *parts)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < parts->series->n_changes; i++)
			if (parts->out[i] && !parts->series->changes[i].makefile &&
			    is_needed(parts, parts->series->changes[i].path)) {
				parts->out[i] = false;
				more = true;
			}
	}
}
