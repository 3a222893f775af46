/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name in somebody's file may hold what moves a terminal's cursor, or bytes
 * that no JSON can carry. Names are refused then, messages made harmless.
 */
#ifndef KLP_SPLIT_TEXT_H
#define KLP_SPLIT_TEXT_H

#include <stdbool.h>

/* Is it UTF-8 without control characters? */
bool text_is_printable(const char *text);

/* Does @text have the C identifier @word anywhere, also in a comment or a string? */
bool text_has_word(const char *text, const char *word);

/* Does @text begin with @start? */
bool str_starts(const char *text, const char *start);

/* Replace by '?' whatever isn't, but for line ends and tabs. */
void text_make_printable(char *text);

/* @text with each @from replaced by @to. Caller frees; NULL: no memory. */
char *text_replace(const char *text, const char *from, const char *to);

/* All paths returned are malloc()ed. path_join(a, b, NULL) puts '/' between. NULL: no memory. */
char *path_join(const char *first, ...) __attribute__((sentinel));

char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
