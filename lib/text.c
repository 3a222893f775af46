// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bytes may be shown and passed on: UTF-8 (RFC 3629) without control characters. */
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/text.h"

/* The length in bytes of the character at @s; 0: not a character. */
static size_t utf8_length(const unsigned char *s)
{
	size_t length, i;

	if (*s < 0x80)
		return 1;
	length = *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0;
	for (i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* an overlong form, half of a UTF-16 pair, or beyond the last character */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return length;
}

/* U+0080…U+009F are control characters as well. */
static bool is_control(const unsigned char *s)
{
	return *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0);
}

bool text_is_printable(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t length = utf8_length(s);

		if (!length || is_control(s))
			return false;
		s += length;
	}
	return true;
}

void text_make_printable(char *text)
{
	unsigned char *s = (unsigned char *)text;

	while (*s) {
		size_t length = utf8_length(s);

		if (length && (!is_control(s) || *s == '\n' || *s == '\t')) {
			s += length;
			continue;
		}
		*s++ = '?';
	}
}

char *text_replace(const char *text, const char *from, const char *to)
{
	char *result, *next;
	const char *at;

	result = strdup(text);
	for (at = result; result && (at = strstr(at, from));) {
		size_t before = at - result;

		next = format("%.*s%s%s", (int)before, result, to, at + strlen(from));
		free(result);
		result = next;
		at = result ? result + before + strlen(to) : NULL;
	}
	return result;
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool str_starts(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

bool text_has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += n)
		if ((at == text || !is_part_of_word(at[-1])) && !is_part_of_word(at[n]))
			return true;
	return false;
}

char *path_join(const char *first, ...)
{
	char *path = strdup(first);
	const char *part;
	va_list args;

	va_start(args, first);
	while (path && (part = va_arg(args, const char *))) {
		size_t length = strlen(path);
		bool slash = length && path[length - 1] == '/';
		char *longer;

		while (*part == '/' && length)
			part++;
		longer = format("%s%s%s", path, length && !slash ? "/" : "", part);
		free(path);
		path = longer;
	}
	va_end(args);
	return path;
}

char *format(const char *fmt, ...)
{
	char *string = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&string, fmt, args) < 0)
		string = NULL;
	va_end(args);
	return string;
}
