// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some passes look for words or directives in source that isn't preprocessed. A word
 * in a comment would mislead them, and a "comment" in a string is none.
 */
#include <string.h>

#include "kpatch-build/source/c-comments.h"

void blank_comments(char *text)
{
	char *to = text;

	while (*text) {
		char *end = NULL;

		if (*text == '/' && text[1] == '*')
			end = strstr(text + 2, "*/") ?: strchr(text, '\0') - 2;
		else if (*text == '/' && text[1] == '/')
			end = text + strcspn(text, "\n") - 2;
		if (end) {
			text = end + 2;
			*to++ = ' ';
			continue;
		}
		if (*text == '"' || *text == '\'') {
			char quote = *text;

			*to++ = *text++;
			while (*text && *text != quote && *text != '\n') {
				if (*text == '\\' && text[1])
					*to++ = *text++;
				*to++ = *text++;
			}
			if (!*text)
				break;
		}
		*to++ = *text++;
	}
	*to = '\0';
}
