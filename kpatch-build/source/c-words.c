// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether one part of a diff needs another part can't be computed: one sets what the
 * other reads. But both have to name it. So two parts that name no variable and no
 * member in common are independent, as far as their own lines go; and a part that
 * names nothing which the other introduces compiles without it.
 *
 * What a name is, is told by the text around it: a member follows "." or "->", a
 * function precedes "(", a constant has capitals. What can't be told counts as a
 * variable.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/source/c-words.h"

static const char *const words_of_c[] = {
	"auto",
	"bool",
	"break",
	"case",
	"char",
	"const",
	"continue",
	"default",
	"do",
	"double",
	"else",
	"enum",
	"extern",
	"float",
	"for",
	"goto",
	"if",
	"inline",
	"int",
	"long",
	"register",
	"return",
	"short",
	"signed",
	"sizeof",
	"static",
	"struct",
	"switch",
	"typedef",
	"typeof",
	"union",
	"unsigned",
	"void",
	"volatile",
	"while",
	"true",
	"false",
	"u8",
	"u16",
	"u32",
	"u64",
	"s8",
	"s16",
	"s32",
	"s64",
	"size_t",
	"ssize_t",
	"pid_t",
	"gfp_t",
	"__always_unused",
	"__maybe_unused",
	"likely",
	"unlikely",
};

/* They begin a statement, and what follows is no declaration. */
static const char *const statements[] = { "return", "goto", "case", "else", "sizeof", "do" };

struct word {
	const char *text;
	size_t n;
};

static bool is_one_of(struct word word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == word.n && !strncmp(list[i], word.text, word.n))
			return true;
	return false;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The next name at or after *@at; false: there is none. Strings and numbers are passed over. */
static bool next_word(const char **at, const char *end, struct word *word)
{
	const char *c = *at;

	while (c < end && !(isalpha((unsigned char)*c) || *c == '_')) {
		if (isdigit((unsigned char)*c)) {
			while (c < end && (is_name_char(*c) || *c == '.'))
				c++;
		} else if (*c == '"' || *c == '\'') {
			char quote = *c++;

			while (c < end && *c != quote)
				c += *c == '\\' && c + 1 < end ? 2 : 1;
			c += c < end;
		} else {
			c++;
		}
	}
	word->text = c;
	while (c < end && is_name_char(*c))
		c++;
	word->n = c - word->text;
	*at = c;
	return word->n;
}

static const char *after_blanks(const char *at, const char *end)
{
	while (at < end && isspace((unsigned char)*at))
		at++;
	return at;
}

/* The last character before @at that is no blank; NUL: there is none. */
static char char_before(const char *at, const char *start)
{
	while (at > start && isspace((unsigned char)at[-1]))
		at--;
	return at > start ? at[-1] : '\0';
}

static bool is_member(const char *at, const char *start)
{
	while (at > start && isspace((unsigned char)at[-1]))
		at--;
	return at > start && (at[-1] == '.' || (at[-1] == '>' && at - 1 > start && at[-2] == '-'));
}

static bool is_constant(struct word word)
{
	for (size_t i = 0; i < word.n; i++)
		if (islower((unsigned char)word.text[i]))
			return false;
	return true;
}

static int add_once(struct strvec *strings, struct word word)
{
	for (size_t i = 0; i < strings->n; i++)
		if (strlen(strings->list[i]) == word.n &&
		    !strncmp(strings->list[i], word.text, word.n))
			return 0;
	return strvec_addf(strings, "%.*s", (int)word.n, word.text);
}

static bool has_word(const struct strvec *strings, struct word word)
{
	for (size_t i = 0; strings && i < strings->n; i++)
		if (strlen(strings->list[i]) == word.n &&
		    !strncmp(strings->list[i], word.text, word.n))
			return true;
	return false;
}

int c_words_add(struct c_words *words, const char *text, const char *end,
		const struct strvec *locals)
{
	struct word word, before = { 0 };
	int err = 0;

	for (const char *at = text; !err && next_word(&at, end, &word); before = word) {
		bool member = is_member(word.text, text);
		const char *next = after_blanks(at, end);
		bool tag = is_one_of(before, (const char *const[]){ "struct", "union", "enum" }, 3);

		if (is_one_of(word, words_of_c, ARRAY_SIZE(words_of_c)) ||
		    (!member && has_word(locals, word)))
			continue;
		err = add_once(&words->all, word);
		if (!err && !tag && (member || (*next != '(' && !is_constant(word))))
			err = add_once(&words->state, word);
	}
	return err;
}

void c_words_free(struct c_words *words)
{
	strvec_free(&words->state);
	strvec_free(&words->all);
}

/*
 * "struct foo *a = x, b[2];": a declaration is two words or more, of which the last is followed by
 * what ends a declarator. Returns the end of that word, or NULL: it is no declaration.
 */
static const char *read_declarator(const char *at, const char *end, struct word *name)
{
	size_t n = 0;

	for (const char *next = at;; n++) {
		next = after_blanks(next, end);
		while (next < end && *next == '*')
			next = after_blanks(next + 1, end);
		if (next == end || !(isalpha((unsigned char)*next) || *next == '_'))
			break;
		next_word(&next, end, name);
		if (!n && is_one_of(*name, statements, ARRAY_SIZE(statements)))
			return NULL;
		at = next;
	}
	at = after_blanks(at, end);
	return n > 1 && at < end && strchr("=;,)[", *at) ? at : NULL;
}

/* What follows the first declarator: ", *c = f(x, y), d;". Stops at the end of the statement. */
static int read_other_declarators(const char *at, const char *end, struct strvec *locals)
{
	struct word word;
	int depth = 0, err = 0;

	for (; at < end && depth >= 0 && !err && (depth || *at != ';'); at++) {
		depth += (!!strchr("([{", *at)) - (!!strchr(")]}", *at));
		if (depth || *at != ',')
			continue;
		at++;
		if (next_word(&at, end, &word))
			err = add_once(locals, word);
		at--;
	}
	return err;
}

int c_locals_add(struct strvec *locals, const char *text, const char *end)
{
	struct word name;
	int err = 0;

	for (const char *at = text; at < end && !err; at++) {
		const char *after;

		if (at > text &&
		    (isspace((unsigned char)*at) || !strchr(";{}(,", char_before(at, text))))
			continue;
		after = read_declarator(at, end, &name);
		if (!after)
			continue;
		err = add_once(locals, name);
		err = err ?: read_other_declarators(after, end, locals);
	}
	return err;
}
