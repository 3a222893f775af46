// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the declarations of pointers to a structure: see member.h. */
#include <ctype.h>
#include <string.h>

#include "kpatch-build/suggest/member.h"

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool is_word_at(const char *text, const char *at, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(at, word, n) && (at == text || !is_name_char(at[-1])) &&
	       !is_name_char(at[n]);
}

static const char *after_blanks(const char *at)
{
	return at + strspn(at, " \t\n");
}

/*
 * "struct s *a = x, *b;": is @name one of the declarators after the tag? What follows an initialiser
 * isn't read: then the name isn't found.
 */
static bool declares_pointer(const char *at, const char *name)
{
	do {
		at = after_blanks(at + (*at == ','));
		if (*at != '*')
			return false;
		at = after_blanks(at + 1);
		if (is_word_at(at, at, name))
			return true;
		while (is_name_char(*at))
			at++;
		at = after_blanks(at);
	} while (*at == ',');
	return false;
}

bool points_to(const struct c_functions *functions, const struct c_function *function,
	       const char *name, const char *structure)
{
	const char *text = functions->blank, *end = text + function->end;

	for (const char *at = text + function->start; (at = strstr(at, "struct")) && at < end;
	     at += 6) {
		const char *tag = after_blanks(at + 6);

		if (is_word_at(text, at, "struct") && is_word_at(text, tag, structure) &&
		    declares_pointer(after_blanks(tag + strlen(structure)), name))
			return true;
	}
	return false;
}
