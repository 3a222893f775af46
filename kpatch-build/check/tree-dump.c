// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A structure may leave the functions that know its type, and come back, in
 * many ways: "(void *) &job", "(struct job *) data", "&job.list", an asm
 * operand. No list of these would be complete. So it is done the other way
 * round: what may surround a variable's name is listed, and everything else is
 * a way out.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/check/tree-dump.h"

struct token {
	const char *start;
	size_t length;
};

/* The tokens of one function. */
struct body {
	const struct stack_type *type;
	const char *function;
	size_t function_length;
	struct token *tokens;
	size_t n, cap;
	bool failed; /* not enough memory */
};

/* Functions that write constants to what they are given, and keep no pointer to it. */
static const char *const harmless[] = { "memset", "__builtin_memset" };

static const struct token nothing = { "", 0 };

static const struct token *at(const struct body *body, size_t i)
{
	return i < body->n ? &body->tokens[i] : &nothing; /* also before the first: (size_t)-1 */
}

static bool is(const struct body *body, size_t i, const char *text)
{
	const struct token *token = at(body, i);

	return strlen(text) == token->length && !memcmp(token->start, text, token->length);
}

static bool is_any(const struct body *body, size_t i, const char *const *texts)
{
	for (; *texts; texts++)
		if (is(body, i, *texts))
			return true;
	return false;
}

static bool is_name(const struct body *body, size_t i)
{
	return isalpha((unsigned char)*at(body, i)->start) || *at(body, i)->start == '_';
}

static bool equals(const char *text, const char *start, size_t length)
{
	return strlen(text) == length && !memcmp(text, start, length);
}

/* Is it a variable of @body's function that is of the type, or a pointer to it? */
static bool is_variable(const struct body *body, size_t i)
{
	const struct stack_type *type = body->type;

	for (size_t u = 0; u < type->n_uses; u++)
		if (equals(type->uses[u].function, body->function, body->function_length) &&
		    is(body, i, type->uses[u].name))
			return true;
	return false;
}

/* Is it a function that takes a pointer to the type? */
static bool is_taker(const struct body *body, size_t i)
{
	for (size_t u = 0; u < body->type->n_uses; u++)
		if (body->type->uses[u].parameter && is(body, i, body->type->uses[u].function))
			return true;
	return false;
}

static bool is_member_name(const struct body *body, size_t i)
{
	return is(body, i - 1, ".") || is(body, i - 1, "->");
}

static bool is_tag(const struct body *body, size_t i)
{
	static const char *const keywords[] = { "struct", "union", NULL };

	return is_any(body, i, keywords) && is(body, i + 1, body->type->tag);
}

static bool is_qualifier(const struct body *body, size_t i)
{
	static const char *const qualifiers[] = { "const", "volatile", "restrict", NULL };

	return is_any(body, i, qualifiers);
}

/* If @i follows "(struct job *)", return the index of its '('. Else @i itself. */
static size_t before_cast(const struct body *body, size_t i)
{
	size_t k = i - 1;

	if (!is(body, k, ")") || !is(body, k - 1, "*") || k < 4)
		return i;
	k -= 2;
	if (!is(body, k, body->type->tag) || !is_tag(body, k - 1))
		return i;
	k--;
	while (is_qualifier(body, k - 1))
		k--;
	return is(body, k - 1, "(") ? k - 1 : i;
}

/*
 * The index of the name before the '(' of the call whose arguments contain @i; -1 if there is none.
 */
static size_t callee(const struct body *body, size_t i)
{
	size_t depth = 0;

	while (i--) {
		if (is(body, i, ")"))
			depth++;
		else if (is(body, i, "(") && !depth--)
			return i - 1;
		else if (is(body, i, ";") || is(body, i, "{") || is(body, i, "}"))
			break;
	}
	return (size_t)-1;
}

/* Is the value from @first to before @end passed as a parameter of the type? */
static bool is_argument(const struct body *body, size_t first, size_t end)
{
	static const char *const before[] = { "(", ",", NULL }, *const after[] = { ")", ",", NULL };

	return is_any(body, first - 1, before) && is_any(body, end, after) &&
	       is_taker(body, callee(body, first));
}

/* memset ((void *) &job, 0, 8) */
static bool is_cleared(const struct body *body, size_t first, size_t end)
{
	size_t function = first - 5;

	if (first < 5 || !is(body, end, ",") || !is(body, first - 1, ")") ||
	    !is(body, first - 2, "*") || !is(body, first - 3, "void") ||
	    !is(body, first - 4, "(") || !is(body, function, "("))
		return false;
	for (size_t h = 0; h < ARRAY_SIZE(harmless); h++)
		if (is(body, function - 1, harmless[h]))
			return true;
	return false;
}

static bool is_compared(const struct body *body, size_t first, size_t end)
{
	static const char *const operators[] = { "==", "!=", NULL };

	return is_any(body, first - 1, operators) || is_any(body, end, operators);
}

/* Is it the right side of an assignment to a variable, or to what a variable points to? */
static bool is_assigned(const struct body *body, size_t first, size_t end)
{
	return is(body, first - 1, "=") && is(body, end, ";") && is_variable(body, first - 2) &&
	       !is_member_name(body, first - 2);
}

/* Is the value of the variable, from @first to before @end, used only as a value of the type? */
static bool is_kept(const struct body *body, size_t first, size_t end)
{
	size_t start = before_cast(body, first);

	return is_argument(body, start, end) || is_cleared(body, first, end) ||
	       is_compared(body, first, end) || is_assigned(body, start, end);
}

static bool begins_statement(const struct body *body, size_t i)
{
	static const char *const ends[] = { ";", "{", "}", ":", NULL };

	return is_any(body, i - 1, ends);
}

static bool is_used_as_such(const struct body *body, size_t i)
{
	bool member = is(body, i + 1, ".") || is(body, i + 1, "->");

	if (is(body, i - 1, "&"))
		return !member && is_kept(body, i - 1, i + 1);
	if (member)
		/* this isn't its address, which has a '&' before it, even for an array */
		return true;
	if (is(body, i - 1, "*"))
		return (is(body, i + 1, "=") && begins_statement(body, i - 1)) ||
		       is_assigned(body, i - 1, i + 1);
	if (is(body, i + 1, "="))
		return begins_statement(body, i);
	return is_kept(body, i, i + 1);
}

/* False if a pointer is set to anything but a variable, an address of one or NULL. */
static bool is_set_to_known(const struct body *body, size_t i)
{
	if (!is(body, i + 1, "=") || is(body, i - 1, "."))
		return true;
	i += 2;
	if (is(body, i, "(") && before_cast(body, i + 1) == i + 1) {
		while (i < body->n && !is(body, i, ")"))
			i++;
		if (before_cast(body, i + 1) == i + 1)
			return false;
		i++;
	}
	if (is(body, i, "&") || is(body, i, "*"))
		i++;
	return is_variable(body, i) || is(body, i, "0B") || is(body, i, "{");
}

/*
 * "struct job job;", "const struct job * p = …": look at what is declared; "(struct job *) &job":
 * at what is cast.
 */
static bool is_declared_or_cast(const struct body *body, size_t i)
{
	bool pointer = false;
	size_t first = i, next = i + 2;

	while (is_qualifier(body, first - 1))
		first--;
	for (; is(body, next, "*") || is_qualifier(body, next); next++)
		pointer |= is(body, next, "*");
	if (is(body, first - 1, "(") && pointer && is(body, next, ")")) {
		next += 1 + is(body, next + 1, "&");
		return is_variable(body, next) && !is(body, next + 1, ".") &&
		       !is(body, next + 1, "->") && !is(body, next + 1, "[");
	}
	return begins_statement(body, first) && is_variable(body, next) &&
	       (is(body, next + 1, ";") || is(body, next + 1, "="));
}

/* The name in a declaration, "struct job * p = &job", has been checked with its type. */
static bool is_in_declaration(const struct body *body, size_t i)
{
	size_t k = i;

	while (k && (is(body, k - 1, "*") || is_qualifier(body, k - 1)))
		k--;
	return k >= 2 && is(body, k - 1, body->type->tag) && is_tag(body, k - 2);
}

static bool token_is_kept(const struct body *body, size_t i)
{
	if (is_tag(body, i))
		return is_declared_or_cast(body, i);
	if (!is_name(body, i) || is_member_name(body, i) || is_tag(body, i - 1))
		return true;
	if (is_variable(body, i) && is_in_declaration(body, i))
		return is_set_to_known(body, i);
	if (is_variable(body, i))
		return is_used_as_such(body, i) &&
		       (is(body, i - 1, "*") || is_set_to_known(body, i));
	return !is_taker(body, i) || (is(body, i + 1, "(") && !is(body, i - 1, "&"));
}

static bool body_is_kept(const struct body *body)
{
	bool knows = false;

	for (size_t i = 0; i < body->n; i++) {
		if (!token_is_kept(body, i))
			return false;
		knows |= is_variable(body, i) || is_tag(body, i);
	}
	for (size_t i = 0; i < body->n && knows; i++)
		if (is(body, i, "VA_ARG_EXPR") || is(body, i, "VIEW_CONVERT_EXPR"))
			return false;
	return true;
}

static size_t quoted_length(const char *text)
{
	size_t n = 1;

	while (text[n] && text[n] != *text)
		n += 1 + (text[n] == '\\' && text[n + 1]);
	return n + !!text[n];
}

static size_t token_length(const char *text)
{
	static const char *const two[] = { "->", "==", "!=", "<=", ">=",
					   "++", "--", "&&", "||", NULL };
	size_t n = 0;

	if (*text == '"' || *text == '\'')
		return quoted_length(text);
	while (isalnum((unsigned char)text[n]) || text[n] == '_' ||
	       (n && text[n] == '.' && isdigit((unsigned char)*text)))
		n++;
	for (size_t i = 0; !n && two[i]; i++)
		if (!strncmp(text, two[i], 2))
			return 2;
	return n ?: 1;
}

static void add_token(struct body *body, const char *start, size_t length)
{
	if (body->n == body->cap) {
		size_t cap = body->cap ? 2 * body->cap : 4096;
		struct token *tokens = reallocarray(body->tokens, cap, sizeof(*tokens));

		if (!tokens) {
			body->failed = true;
			return;
		}
		body->tokens = tokens;
		body->cap = cap;
	}
	body->tokens[body->n++] = (struct token){ start, length };
}

static const char head[] = "\n;; Function ";

/* Read up to the next function, or the end. */
static const char *read_body(struct body *body, const char *text)
{
	body->n = 0;
	body->function = text;
	body->function_length = strcspn(text, " \n");
	text += strcspn(text, "\n");
	while (*text && !str_starts(text, head)) {
		size_t length = token_length(text);

		if (text[0] == '\n' && text[1] == ';' && text[2] == ';') {
			text += 1 + strcspn(text + 1, "\n"); /* ";; enabled by …" */
			continue;
		}
		if (!isspace((unsigned char)*text))
			add_token(body, text, length);
		text += length;
	}
	return text;
}

bool tree_dump_keeps_type(const char *text, const struct stack_type *type)
{
	struct body body = { .type = type };
	bool any = false, kept = true;

	text = strstr(text, head);
	while (text && *text && kept) {
		text = read_body(&body, text + strlen(head));
		any = true;
		kept = !body.failed && body_is_kept(&body);
	}
	free(body.tokens);
	return any && kept;
}
