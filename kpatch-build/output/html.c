// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints markup, text that can't become markup, and tables: see html.h. */
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/output/html.h"

static const struct {
	char character;
	const char *entity;
} entities[] = {
	{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" },
};

/* The length of the UTF-8 sequence at @text, which has @n bytes; 0: it isn't valid. */
static size_t sequence_length(const unsigned char *text, size_t n)
{
	size_t length = *text < 0x80			? 1
			: *text >= 0xc2 && *text < 0xe0 ? 2
			: *text >= 0xe0 && *text < 0xf0 ? 3
			: *text >= 0xf0 && *text < 0xf5 ? 4
							: 0;

	if (length > n)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, halves of surrogate pairs, beyond Unicode */
	if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] >= 0xa0) ||
	    (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] >= 0x90))
		return 0;
	return length;
}

/* U+202A … and U+2066 … reverse the direction of text: source could look like other source. */
static bool turns_text(const unsigned char *text, size_t length)
{
	return length == 3 && text[0] == 0xe2 &&
	       ((text[1] == 0x80 && text[2] >= 0xaa && text[2] <= 0xae) ||
		(text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9));
}

static const char *entity_of(char character)
{
	for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
		if (entities[i].character == character)
			return entities[i].entity;
	return NULL;
}

void html_text_n(FILE *out, const char *text, size_t n)
{
	for (size_t i = 0, length; i < n; i += length ?: 1) {
		const unsigned char *at = (const unsigned char *)text + i;
		const char *entity = entity_of(text[i]);

		length = sequence_length(at, n - i);
		if (entity)
			fputs(entity, out);
		else if (!length || turns_text(at, length) || *at == 0x7f ||
			 (*at < ' ' && *at != '\n' && *at != '\t'))
			fputs("\xef\xbf\xbd", out); /* U+FFFD: a character that can't be shown */
		else
			fwrite(at, 1, length, out);
	}
}

void html_text(FILE *out, const char *text)
{
	html_text_n(out, text, strlen(text));
}

/* An id has no blanks, and a link to it needs no encoding. */
static void print_id(FILE *out, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";

	for (; *text; text++)
		fputc(strchr(plain, *text) ? *text : '_', out);
}

void html_printf(FILE *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			fputc(*fmt, out);
			continue;
		}
		switch (*++fmt) {
		case 's':
			html_text(out, va_arg(ap, const char *) ?: "");
			break;
		case 'i':
			print_id(out, va_arg(ap, const char *));
			break;
		case 'd':
			fprintf(out, "%d", va_arg(ap, int));
			break;
		case 'u':
			fprintf(out, "%u", va_arg(ap, unsigned int));
			break;
		case 'z':
			fprintf(out, "%zu", va_arg(ap, size_t));
			fmt++;
			break;
		case 'l':
			fprintf(out, "%lld", va_arg(ap, long long));
			fmt += 2;
			break;
		default:
			fputc(*fmt, out);
		}
	}
	va_end(ap);
}

void html_table(FILE *out, const char *caption, const struct html_column *columns, size_t n,
		const json_t *rows, void *arg)
{
	const json_t *row;
	size_t r;

	if (!json_array_size(rows))
		return;
	html_printf(out,
		    "<div class=scroll tabindex=0 role=region aria-label=\"%s\"><table>"
		    "<caption>%s</caption>\n<thead><tr>",
		    caption, caption);
	for (size_t i = 0; i < n; i++)
		html_printf(out, "<th scope=col class=\"%s\">%s", columns[i].class,
			    columns[i].title);
	fputs("</thead>\n<tbody>\n", out);
	json_array_foreach(rows, r, row) {
		fputs("<tr>", out);
		for (size_t i = 0; i < n; i++) {
			html_printf(out, i ? "<td class=\"%s\">" : "<th scope=row class=\"%s\">",
				    columns[i].class);
			columns[i].cell(out, row, arg);
		}
		fputc('\n', out);
	}
	fputs("</tbody></table></div>\n", out);
}

const char *row_string(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

json_int_t row_number(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}
