/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report shows what others wrote: diffs, names, messages. One of them that
 * gets into the page as it is would be part of the page. So text is never
 * printed but through here, where escaping is what happens when nothing is said.
 */
#ifndef KPATCH_BUILD_HTML_H
#define KPATCH_BUILD_HTML_H

#include <jansson.h>
#include <stdio.h>

/* @text with what means something in HTML escaped; what isn't UTF-8 or not printable shows as such. */
void html_text(FILE *out, const char *text);
/* The same for the first @n bytes. */
void html_text_n(FILE *out, const char *text, size_t n);

/*
 * printf() for markup: @fmt is taken as it is, what %s stands for is escaped.
 * Besides it knows %d, %u, %zu, %lld, %% and %i: text that becomes part of an id or of a link to it.
 */
void html_printf(FILE *out, const char *fmt, ...);

/* A column of a table over an array of JSON objects. @arg is that of html_table(). */
struct html_column {
	const char *title;
	const char *class; /* NULL: none */
	void (*cell)(FILE *out, const json_t *row, void *arg);
};
/* Nothing at all if @rows is empty. */
void html_table(FILE *out, const char *caption, const struct html_column *columns, size_t n,
		const json_t *rows, void *arg);

/* Members of JSON objects, for cells: "" or 0 if they aren't there. */
const char *row_string(const json_t *row, const char *key);
json_int_t row_number(const json_t *row, const char *key);

#endif
