// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which words of a source file can be names that code depends on, before it is
 * preprocessed. In a string a word is no name: macros aren't expanded there, and symbols
 * that inline assembly names in strings are the same whatever headers declare.
 */
#include <ctype.h>
#include <string.h>

#include "kpatch-build/index/source-text.h"
#include "lib/text.h"

/* Behind the quoted text at @c, which no line end is part of: "#error don't". */
const char *quoted_end(const char *c)
{
	char quote = *c++;

	while (*c && *c != quote && *c != '\n')
		c += *c == '\\' && c[1] && c[1] != '\n' ? 2 : 1;
	return *c == quote ? c + 1 : c;
}

static const char *comment_end(const char *c)
{
	const char *end = c[1] == '*' ? strstr(c + 2, "*/") : strchr(c, '\n');

	return !end ? c + strlen(c) : c[1] == '*' ? end + 2 : end;
}

char *source_plain_text(const char *text)
{
	char *plain = text_replace(text, "\\\n", ""), *to = plain;
	const char *c = plain, *end;

	while (plain && *c) {
		if (*c == '/' && (c[1] == '*' || c[1] == '/')) {
			c = comment_end(c);
			*to++ = ' ';
			continue;
		}
		end = *c == '"' || *c == '\'' ? quoted_end(c) : c + 1;
		memmove(to, c, end - c);
		to += end - c;
		c = end;
	}
	if (plain)
		*to = '\0';
	return plain;
}

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A '"' that nothing ends in its line begins no string: assembler's comments have such. */
static const char *skip_string(const char *at)
{
	const char *end = quoted_end(at);

	return end[-1] == '"' && end > at + 1 ? end : at + 1;
}

/* "#define", in the text of a file, or "define", as the part of a header begins. */
static bool is_in_macro(const char *begin, const char *at)
{
	while (at > begin && at[-1] != '\n')
		at--;
	at += strspn(at, " \t");
	at += *at == '#';
	at += strspn(at, " \t");
	return str_starts(at, "define") && !is_letter(at[strlen("define")]);
}

static bool is_operand(const char *begin, const char *at, size_t n)
{
	const char *end = at + n;

	while (at > begin && isspace((unsigned char)at[-1]))
		at--;
	while (isspace((unsigned char)*end))
		end++;
	return (at > begin && strchr("(,#", at[-1])) || (*end && strchr("),#", *end));
}

bool source_next_word(const char *begin, const char *text, struct source_word *word)
{
	while (*text && !is_letter(*text))
		text = *text == '"' ? skip_string(text) : text + 1;
	word->at = text;
	while (is_letter(*text))
		text++;
	word->n = text - word->at;
	word->piece = word->n &&
		      (is_operand(begin, word->at, word->n) || is_in_macro(begin, word->at));
	return word->n;
}

enum which_words { ALL_WORDS, PASTED_PIECES };

static bool uses(const char *text, const char *name, enum which_words which)
{
	size_t n = strlen(name);
	struct source_word word = { .at = text };

	while (source_next_word(text, word.at + word.n, &word))
		if (word.n == n && !strncmp(word.at, name, n) && (word.piece || which == ALL_WORDS))
			return true;
	return false;
}

bool text_uses_word(const char *text, const char *word)
{
	return uses(text, word, ALL_WORDS);
}

bool text_uses_piece(const char *text, const char *word)
{
	return uses(text, word, PASTED_PIECES);
}

/* "-DNAME=word" */
bool makefile_gives(char *text, const char *word)
{
	char *save, *option = strtok_r(text, " \t\n", &save);

	for (; option; option = strtok_r(NULL, " \t\n", &save))
		if (strstr(option, "-D") && text_has_word(option, word))
			return true;
	return false;
}
