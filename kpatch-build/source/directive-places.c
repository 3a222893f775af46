// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line that begins with '#' is a directive only outside of comments, strings
 * and continued lines. In a raw string it would become part of the string; in
 * the arguments of a macro it is undefined (C11 6.10.3p11); between the name of
 * a macro and its '(' it would end the call.
 *
 * The scanner follows GCC's (libcpp/lex.c) in everything that decides this. If
 * it can't know, as for parentheses that only one branch of an #if closes, it
 * says that a directive doesn't fit. Then numbers differ, and code with a
 * different number is replaced, which is right.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/directive-places.h"

#define NOTHING (-1)
#define MAX_RAW_DELIMITER 16 /* C++11 2.14.5 */

/* An open #if. */
struct condition {
	unsigned int depth; /* depth of parentheses before it */
	bool never; /* "#if 0": often its content is prose */
};

struct scan {
	const char *at, *end;
	struct directive_places *places;
	unsigned int depth; /* of parentheses */
	struct condition *conditions;
	size_t n_conditions, max_conditions;
	bool line_is_blank; /* it has only comments so far: '#' would begin a directive */
	bool in_directive, in_condition;
	bool after_name; /* the last token was an identifier … */
	size_t name_line; /* … which ended on this line */
	bool no_memory;
};

/* The lines were counted first, so there is room. */
static void begin_line(struct scan *s)
{
	struct directive_place *place = &s->places->lines[s->places->n++];

	place->fits = !s->depth;
	place->after_condition = false;
}

/* A line that goes on with a token, a comment or a directive: no directive fits before it. */
static void continue_line(struct scan *s)
{
	begin_line(s);
	s->places->lines[s->places->n - 1].fits = false;
}

/* A backslash continues a line, even with blanks after it (_cpp_clean_line()). */
static const char *after_splice(const struct scan *s, const char *at)
{
	if (at >= s->end || *at != '\\')
		return NULL;
	for (at++; at < s->end && *at != '\n' && isspace((unsigned char)*at); at++)
		;
	return at < s->end && *at == '\n' ? at + 1 : NULL;
}

static int peek(struct scan *s)
{
	const char *after;

	while ((after = after_splice(s, s->at))) {
		s->at = after;
		continue_line(s);
	}
	return s->at < s->end ? (unsigned char)*s->at : NOTHING;
}

static bool take(struct scan *s, int c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void end_line(struct scan *s)
{
	s->at++;
	begin_line(s);
	s->places->lines[s->places->n - 1].after_condition = s->in_condition;
	s->in_directive = s->in_condition = false;
	s->line_is_blank = true;
}

/* Starts after the opening of a comment. A continued line here is a line like any other. */
static void skip_comment(struct scan *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '\n')
			continue_line(s);
		if (*s->at == '*') {
			s->at++;
			if (take(s, '/'))
				return;
			s->at--;
		}
	}
}

static void skip_line_comment(struct scan *s)
{
	while (peek(s) != NOTHING && peek(s) != '\n')
		s->at++;
}

/* Starts after the opening quote. A string that isn't closed ends with its line. */
static void skip_quoted(struct scan *s, int quote)
{
	int c;

	while ((c = peek(s)) != NOTHING && c != '\n') {
		s->at++;
		if (c == quote)
			return;
		if (c == '\\' && peek(s) != NOTHING && peek(s) != '\n')
			s->at++;
	}
}

/*
 * Starts after R and the quote, and ends after the ')', delimiter and quote. No line is continued
 * in it.
 */
static void skip_raw_string(struct scan *s)
{
	const char *delimiter = s->at;
	size_t n = 0;

	while (delimiter + n < s->end && n <= MAX_RAW_DELIMITER &&
	       !strchr("()\\ \t\v\f\n\"", delimiter[n]))
		n++;
	if (delimiter + n >= s->end || n > MAX_RAW_DELIMITER || delimiter[n] != '(') {
		skip_quoted(s, '"');
		return;
	}
	for (s->at += n; s->at < s->end; s->at++) {
		if (*s->at == '\n')
			continue_line(s);
		if (*s->at == ')' && (size_t)(s->end - s->at) > n + 1 &&
		    !memcmp(s->at + 1, delimiter, n) && s->at[n + 1] == '"') {
			s->at += n + 2;
			return;
		}
	}
}

static bool is_name_char(int c)
{
	return c != NOTHING && (isalnum(c) || c == '_' || c == '$' || c >= 0x80);
}

/* The beginning of a name is enough for the comparisons. */
struct name {
	char text[12];
	size_t n;
};

static void read_name(struct scan *s, struct name *name)
{
	memset(name, 0, sizeof(*name));
	for (; is_name_char(peek(s)); s->at++)
		if (name->n + 1 < sizeof(name->text))
			name->text[name->n++] = *s->at;
}

static bool name_is_one_of(const struct name *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name->text, *list))
			return true;
	return false;
}

/* A name or a number. Numbers may have signs and dots, which don't matter. */
static void pass_name(struct scan *s)
{
	static const char *const raw_prefixes[] = { "R", "LR", "uR", "UR", "u8R", NULL };
	struct name name;

	read_name(s, &name);
	if (name_is_one_of(&name, raw_prefixes) && take(s, '"')) {
		skip_raw_string(s);
		s->after_name = false;
	} else if (!s->in_directive) {
		s->after_name = true;
		s->name_line = s->places->n;
	}
}

static void open_condition(struct scan *s, bool never)
{
	if (s->n_conditions == s->max_conditions) {
		size_t more = s->max_conditions ? 2 * s->max_conditions : 16;
		struct condition *list = reallocarray(s->conditions, more, sizeof(*list));

		if (!list) {
			s->no_memory = true;
			return;
		}
		s->conditions = list;
		s->max_conditions = more;
	}
	s->conditions[s->n_conditions++] = (struct condition){ s->depth, never };
}

/* Each branch begins at the depth before the first one. */
static void next_branch(struct scan *s)
{
	if (s->n_conditions) {
		s->depth = s->conditions[s->n_conditions - 1].depth;
		s->conditions[s->n_conditions - 1].never = false;
	}
}

static void close_condition(struct scan *s)
{
	if (!s->n_conditions)
		return;
	s->n_conditions--;
	if (s->conditions[s->n_conditions].never)
		s->depth = s->conditions[s->n_conditions].depth;
}

static void skip_blanks(struct scan *s)
{
	while (peek(s) == ' ' || peek(s) == '\t')
		s->at++;
}

static bool is_zero(struct scan *s)
{
	struct name number;

	skip_blanks(s);
	read_name(s, &number);
	skip_blanks(s);
	return !strcmp(number.text, "0") && (peek(s) == '\n' || peek(s) == '/' || peek(s) == '\r');
}

/* Starts after the '#'. */
static void pass_directive(struct scan *s)
{
	static const char *const opening[] = { "if", "ifdef", "ifndef", NULL };
	static const char *const branching[] = { "else", "elif", "elifdef", "elifndef", NULL };
	struct name name;

	s->in_directive = true;
	skip_blanks(s);
	read_name(s, &name);
	s->in_condition = true;
	if (name_is_one_of(&name, opening))
		open_condition(s, !strcmp(name.text, "if") && is_zero(s));
	else if (name_is_one_of(&name, branching))
		next_branch(s);
	else if (!strcmp(name.text, "endif"))
		close_condition(s);
	else
		s->in_condition = false;
	if (!strcmp(name.text, "line") || isdigit((unsigned char)name.text[0]))
		s->places->has_own = true;
}

static void open_parenthesis(struct scan *s)
{
	/* it may follow the name of a macro, and contain its arguments */
	for (size_t line = s->name_line; s->after_name && line < s->places->n; line++)
		s->places->lines[line].fits = false;
	s->depth++;
}

static void pass_operator(struct scan *s)
{
	s->line_is_blank = false;
	if (!s->in_directive)
		s->after_name = false;
}

static void pass_other(struct scan *s, int c)
{
	s->at++;
	if (c == '"' || c == '\'')
		skip_quoted(s, c);
	else if (c == '(' && !s->in_directive)
		open_parenthesis(s);
	else if (c == ')' && !s->in_directive && s->depth)
		s->depth--;
	pass_operator(s);
}

static void pass_token(struct scan *s)
{
	int c = peek(s);
	bool was_blank = s->line_is_blank;

	if (c == '\n') {
		end_line(s);
		return;
	}
	if (isspace(c)) {
		s->at++;
		return;
	}
	if (c == '/') {
		s->at++;
		if (take(s, '*'))
			skip_comment(s);
		else if (take(s, '/'))
			skip_line_comment(s);
		else
			pass_operator(s);
		return;
	}
	s->line_is_blank = false;
	if (c == '#' && was_blank) {
		s->at++;
		pass_directive(s);
	} else if (is_name_char(c)) {
		pass_name(s);
	} else {
		pass_other(s, c);
	}
}

int directive_places_find(const char *text, size_t size, struct directive_places *places)
{
	struct scan s = { .at = text, .end = text + size, .places = places, .line_is_blank = true };
	size_t n = 1;

	memset(places, 0, sizeof(*places));
	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	places->lines = calloc(n, sizeof(*places->lines));
	if (!places->lines)
		return -ENOMEM;
	begin_line(&s);
	while (peek(&s) != NOTHING)
		pass_token(&s);
	if (size && text[size - 1] == '\n')
		places->n--; /* there is no line after the last line feed */
	if (!size)
		places->n = 0;
	free(s.conditions);
	if (s.no_memory)
		directive_places_free(places);
	return s.no_memory ? -ENOMEM : 0;
}

void directive_places_free(struct directive_places *places)
{
	free(places->lines);
	memset(places, 0, sizeof(*places));
}
