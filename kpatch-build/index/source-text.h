/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a C, header or assembler file, as far as names in it count: source-text.c. */
#ifndef KPATCH_BUILD_SOURCE_TEXT_H
#define KPATCH_BUILD_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* @text without comments and line continuations; NULL: no memory. Caller frees. */
char *source_plain_text(const char *text);

/* Behind the quoted text at @c, or the end of its line if it doesn't end in it. */
const char *quoted_end(const char *c);

/*
 * A word of plain text that isn't in a string. @piece: a macro can paste it to something else:
 * it is beside "##", at the begin or the end of an argument, or in the text of a macro, which
 * can become an argument.
 */
struct source_word {
	const char *at;
	size_t n;
	bool piece;
};

/* The next word from @text on; @begin: of the whole text, or of its line. False: there is none. */
bool source_next_word(const char *begin, const char *text, struct source_word *word);

/* Does plain @text contain @word, or such a piece? */
bool text_uses_word(const char *text, const char *word);
bool text_uses_piece(const char *text, const char *word);

/* Does a makefile give @word to a compiler as a macro's value? Divides @text. */
bool makefile_gives(char *text, const char *word);

#endif
