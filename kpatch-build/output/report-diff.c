// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the diffs as their author wrote them, with line numbers. */
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/files.h"
#include "kpatch-build/output/html.h"
#include "kpatch-build/output/report.h"
#include "kpatch-build/output/report-diff.h"

/* Diffs longer than this are folded, to keep an overview of the page. */
#define LONG_DIFF 1000

struct state {
	unsigned int old, new; /* the number of the next line */
	unsigned int old_left, new_left; /* lines that are left of this hunk */
};

/* "@@ -125,7 +125,8 @@"; a count that is left out is 1. */
static bool begin_hunk(struct state *state, const char *line)
{
	const char *plus;

	if (!str_starts(line, "@@ -") || sscanf(line + 4, "%u", &state->old) != 1 ||
	    !(plus = strstr(line, " +")) || sscanf(plus + 2, "%u", &state->new) != 1)
		return false;
	if (sscanf(line + 4, "%*u,%u", &state->old_left) != 1)
		state->old_left = 1;
	if (sscanf(plus + 2, "%*u,%u", &state->new_left) != 1)
		state->new_left = 1;
	return true;
}

static void print_line(FILE *out, const char *class, unsigned int old, unsigned int new,
		       const char *line, size_t n)
{
	html_printf(out, "<span class=\"l%s\">", class);
	if (old || new) {
		fputs("<i>", out);
		if (old)
			html_printf(out, "%u", old);
		fputs("</i><i>", out);
		if (new)
			html_printf(out, "%u", new);
		fputs("</i>", out);
	}
	html_text_n(out, line, n);
	fputs("</span>\n", out);
}

static bool is_file_line(const char *line)
{
	return str_starts(line, "--- ") || str_starts(line, "+++ ") || str_starts(line, "diff ");
}

static void print_one(FILE *out, struct state *state, const char *line, size_t n)
{
	unsigned int old = 0, new = 0;
	const char *class = "";

	if (!state->old_left && !state->new_left) {
		class = begin_hunk(state, line) ? " hunk" : is_file_line(line) ? " file" : " quiet";
		print_line(out, class, 0, 0, line, n);
		return;
	}
	if (*line == '+' && state->new_left) {
		class = " add";
		new = state->new ++;
		state->new_left--;
	} else if (*line == '-' && state->old_left) {
		class = " del";
		old = state->old++;
		state->old_left--;
	} else if (*line != '\\') { /* "\ No newline at end of file" is not a line */
		old = state->old++;
		new = state->new ++;
		state->old_left -= !!state->old_left;
		state->new_left -= !!state->new_left;
	}
	print_line(out, class, old, new, line, n);
}

void report_diff_text(FILE *out, const char *text)
{
	struct state state = { 0 };
	size_t n;

	fputs("<pre tabindex=0 aria-label=Diff class=diff><code>", out);
	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		print_one(out, &state, text, n);
	}
	fputs("</code></pre>\n", out);
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void print_diff(struct page *page, const json_t *row, const char *path)
{
	char *text = NULL;
	size_t size, lines;

	html_printf(page->out, "<h3>%s</h3>\n<p class=quiet>SHA-256 <code>%s</code>\n",
		    row_string(row, "name"), row_string(row, "sha256"));
	if (read_file(path, &text, &size)) {
		fputs("<p>It could not be read again.\n", page->out);
		return;
	}
	lines = count_lines(text);
	html_printf(page->out, lines > LONG_DIFF ? "<details>" : "<details open>");
	html_printf(page->out, "<summary>%zu lines</summary>\n", lines);
	report_diff_text(page->out, text);
	fputs("</details>\n", page->out);
	free(text);
}

void report_diffs(struct page *page)
{
	const json_t *row;
	size_t i;

	fputs("<section id=diffs aria-labelledby=h-diffs><h2 id=h-diffs>Diffs</h2>\n"
	      "<p>Applied in this order.\n",
	      page->out);
	json_array_foreach(json_object_get(page->manifest, "diffs"), i, row)
		if (i < page->build->n_diffs)
			print_diff(page, row, page->build->diffs[i].text);
	fputs("</section>\n", page->out);
}
