// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads C text by tokens, for comparing and parsing: blanks between them make
 * no difference.
 */
#include <ctype.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/check/c-token.h"

bool c_is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t quoted_length(const char *text, const char *end)
{
	size_t n = 1;

	while (text + n < end && text[n] != *text)
		n += text[n] == '\\' && text + n + 1 < end ? 2 : 1;
	return text + n < end ? n + 1 : n;
}

static size_t operator_length(const char *text, const char *end)
{
	static const char *const long_ones[] = { "<<", ">>", "<=", ">=", "==",
						 "!=", "&&", "||", "->", "##" };

	for (size_t i = 0; text + 1 < end && i < ARRAY_SIZE(long_ones); i++)
		if (!memcmp(text, long_ones[i], 2))
			return 2;
	return 1;
}

const char *c_token(const char **text, const char *end, size_t *n)
{
	const char *at = *text;

	while (at < end && isspace((unsigned char)*at))
		at++;
	if (at == end)
		return NULL;
	*n = 1;
	if (c_is_name_char(*at))
		while (at + *n < end &&
		       (c_is_name_char(at[*n]) || (isdigit((unsigned char)*at) && at[*n] == '.')))
			++*n;
	else if (*at == '"' || *at == '\'')
		*n = quoted_length(at, end);
	else
		*n = operator_length(at, end);
	*text = at + *n;
	return at;
}
