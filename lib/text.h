/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name in an untrusted file may contain escape sequences for a terminal, or
 * bytes that JSON can't represent. Such names are refused, and messages are made
 * harmless.
 */
#ifndef KLP_SPLIT_TEXT_H
#define KLP_SPLIT_TEXT_H

#include <stdbool.h>

/* Is it UTF-8 without control characters? */
bool text_is_printable(const char *text);

/* Does @text contain the C identifier @word, in code, in a comment or in a string? */
bool text_has_word(const char *text, const char *word);

/* Does @text begin with @start? */
bool str_starts(const char *text, const char *start);

/* Replace each byte that isn't printable, except for line ends and tabs, by '?'. */
void text_make_printable(char *text);

/* @text with each @from replaced by @to. Caller frees; NULL: no memory. */
char *text_replace(const char *text, const char *from, const char *to);

/* All paths returned are malloc()ed. path_join(a, b, NULL) puts '/' between. NULL: no memory. */
char *path_join(const char *first, ...) __attribute__((sentinel));

char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
