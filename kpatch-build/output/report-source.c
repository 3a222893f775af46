// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "fs/open.c:412" only helps a reader who has the tree with the diffs applied.
 * The page contains what such a line refers to: each function as it is after
 * the diffs, around the changes.
 */
#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/output/html.h"
#include "kpatch-build/output/report.h"
#include "kpatch-build/source/source-files.h"
#include "lib/text.h"
#include "kpatch-build/output/report-source.h"

/* Lines that are always shown: of a function's beginning, and around each change. */
enum { HEAD = 4, CONTEXT = 4 };

/* Those arrays of an object whose rows have a place in the source. */
static const char *const with_source[] = { "functions", "inlined" };

static char *key_of(const json_t *row)
{
	return format("%s:%lld", row_string(row, "file"), (long long)row_number(row, "line"));
}

static int add_function(struct page *page, json_t *row)
{
	unsigned int line = row_number(row, "line");
	const struct source_file *file;
	char *key;
	int err;

	file = line ? source_file_get(&page->build->series, &page->build->trees,
				      row_string(row, "file"))
		    : NULL;
	if (!file || line > file->n)
		return 0;
	key = key_of(row);
	err = key && (json_object_get(page->shown, key) || !json_object_set(page->shown, key, row))
		      ? 0
		      : -ENOMEM;
	free(key);
	return err;
}

int report_find_sources(struct page *page)
{
	const json_t *object;
	size_t i, k, r;
	json_t *row;
	int err = 0;

	json_array_foreach(json_object_get(page->manifest, "objects"), i, object)
		for (k = 0; k < ARRAY_SIZE(with_source); k++)
			json_array_foreach(json_object_get(object, with_source[k]), r, row)
				err = err ?: add_function(page, row);
	return err;
}

void report_place(const struct page *page, const json_t *row)
{
	char *key = key_of(row);

	if (!key || !row_number(row, "line"))
		html_printf(page->out, "%s",
			    *row_string(row, "file") ? row_string(row, "file")
						     : row_string(row, "unit"));
	else if (json_object_get(page->shown, key))
		html_printf(page->out, "<a href=\"#%i\">%s</a>", key, key);
	else
		html_printf(page->out, "%s", key);
	free(key);
}

static bool is_near_change(const struct source_file *file, unsigned int line, unsigned int first,
			   unsigned int last)
{
	unsigned int from = line > first + CONTEXT ? line - CONTEXT : first;
	unsigned int to = line + CONTEXT < last ? line + CONTEXT : last;

	return line < first + HEAD || line == last || source_is_touched(file, from, to);
}

static void print_lines(FILE *out, const struct source_file *file, unsigned int first,
			unsigned int last)
{
	unsigned int left_out = 0;

	for (unsigned int line = first; line <= last; line++) {
		bool new = source_line_is_new(file, line);

		if (!is_near_change(file, line, first, last)) {
			left_out++;
			continue;
		}
		if (left_out)
			html_printf(out, "<span class=gap>⋯ %u line%s</span>\n", left_out,
				    left_out == 1 ? "" : "s");
		left_out = 0;
		html_printf(out, "<span class=\"l%s\"><i>%u</i>%s</span>\n", new ? " add" : "",
			    line, file->lines[line - 1]);
	}
}

static void print_function(struct page *page, const char *key, const json_t *row)
{
	const struct source_file *file =
		source_file_get(&page->build->series, &page->build->trees, row_string(row, "file"));
	unsigned int first = row_number(row, "line"), last;

	if (!file)
		return;
	last = source_function_end(file, first);
	html_printf(page->out,
		    "<figure id=\"%i\"><figcaption><code>%s</code> <span class=quiet>%s"
		    "</span></figcaption>\n",
		    key, row_string(row, "name"), key);
	html_printf(page->out, "<pre tabindex=0 aria-label=\"Source of %s\"><code>",
		    row_string(row, "name"));
	print_lines(page->out, file, first, last);
	fputs("</code></pre></figure>\n", page->out);
}

void report_sources(struct page *page)
{
	const char *key;
	json_t *row;

	fputs("<section id=source aria-labelledby=h-source><h2 id=h-source>Source</h2>\n"
	      "<p>Each function as it is with the diffs applied. Lines that the diffs wrote are "
	      "marked; lines that are far from them are left out.\n",
	      page->out);
	json_object_foreach(page->shown, key, row)
		print_function(page, key, row);
	fputs("</section>\n", page->out);
}
