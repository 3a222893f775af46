/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report shows texts by others: diffs, names, messages. If such a text got
 * into the page unchanged, it would be part of the page. So all text is printed
 * by these functions, which escape it unless told otherwise.
 */
#ifndef KPATCH_BUILD_HTML_H
#define KPATCH_BUILD_HTML_H

#include <jansson.h>
#include <stdio.h>

/*
 * Print @text with characters escaped that have a meaning in HTML. What isn't UTF-8, or not
 * printable, is replaced by a visible character.
 */
void html_text(FILE *out, const char *text);
/* The same for the first @n bytes. */
void html_text_n(FILE *out, const char *text, size_t n);

/*
 * printf() for markup: @fmt is printed unchanged, the text for %s is escaped. It also knows %d, %u,
 * %zu, %lld, %%, and %i: a text that becomes part of an id or of a link to it.
 */
void html_printf(FILE *out, const char *fmt, ...);

/* A column of a table of JSON objects. @arg is that of html_table(). */
struct html_column {
	const char *title;
	const char *class; /* NULL: none */
	void (*cell)(FILE *out, const json_t *row, void *arg);
};
/* Prints nothing if @rows is empty. */
void html_table(FILE *out, const char *caption, const struct html_column *columns, size_t n,
		const json_t *rows, void *arg);

/* Members of JSON objects, for cells: "" or 0 if the object doesn't have them. */
const char *row_string(const json_t *row, const char *key);
json_int_t row_number(const json_t *row, const char *key);

#endif
