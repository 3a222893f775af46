// SPDX-License-Identifier: GPL-2.0-or-later
/* Searches source text for mentions of a type: type-mentions.h says why. */
#include <ctype.h>
#include <string.h>

#include "kpatch-build/check/type-mentions.h"

static bool is_part_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_blanks(const char *at)
{
	while (isspace((unsigned char)*at) || (*at == '\\' && at[1] == '\n'))
		at++;
	return at;
}

/*
 * The text after @tag at @at, if it is there as a word, or as several with any blanks between; else
 * NULL.
 */
static const char *after_tag(const char *at, const char *tag)
{
	for (; *tag; tag++) {
		if (*tag == ' ') {
			if (!isspace((unsigned char)*at))
				return NULL;
			at = skip_blanks(at);
		} else if (*at++ != *tag) {
			return NULL;
		}
	}
	return is_part_of_name(*at) ? NULL : skip_blanks(at);
}

bool type_is_only_declared(const char *text, const char *type)
{
	bool defined = false;

	for (const char *at = text; *at; at++) {
		const char *next;

		if (at > text && is_part_of_name(at[-1]))
			continue;
		next = after_tag(at, type);
		if (!next)
			continue;
		if (*next == '{')
			defined = true;
		else if (!is_part_of_name(*next))
			return false;
	}
	return defined;
}
