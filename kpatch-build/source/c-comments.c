// SPDX-License-Identifier: GPL-2.0-or-later
/* Comments of C, for readers of text that look for words or directives. */
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
