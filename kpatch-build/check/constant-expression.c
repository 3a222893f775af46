// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two texts of a macro can differ and mean the same number: 0x10, (1 << 4) and
 * BIT(4). The compiler could tell, but only after all of a unit's headers,
 * which takes longer than comparing the unit. A constant that the preprocessor
 * has expanded is simple enough to be computed here.
 *
 * Numbers are int or long (kernels are 64-bit), signed or not, as C promotes
 * them. Anything that isn't understood makes the whole expression unknown.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/check/c-token.h"
#include "kpatch-build/check/constant-expression.h"

/* Types for casts and sizeof in an expression. */
static const struct type_word {
	const char *word;
	unsigned int size; /* 0: it doesn't determine the size */
	bool is_unsigned;
} type_words[] = {
	{ "char", 1, false },	 { "short", 2, false },	   { "int", 0, false },
	{ "long", 8, false },	 { "signed", 0, false },   { "unsigned", 0, true },
	{ "const", 0, false },	 { "volatile", 0, false }, { "_Bool", 1, true },
	{ "bool", 1, true },	 { "u8", 1, true },	   { "u16", 2, true },
	{ "u32", 4, true },	 { "u64", 8, true },	   { "s8", 1, false },
	{ "s16", 2, false },	 { "s32", 4, false },	   { "s64", 8, false },
	{ "__u8", 1, true },	 { "__u16", 2, true },	   { "__u32", 4, true },
	{ "__u64", 8, true },	 { "__s8", 1, false },	   { "__s16", 2, false },
	{ "__s32", 4, false },	 { "__s64", 8, false },	   { "uint8_t", 1, true },
	{ "uint16_t", 2, true }, { "uint32_t", 4, true },  { "uint64_t", 8, true },
	{ "__le16", 2, true },	 { "__le32", 4, true },	   { "__le64", 8, true },
	{ "__be16", 2, true },	 { "__be32", 4, true },	   { "__be64", 8, true },
	{ "size_t", 8, true },	 { "ssize_t", 8, false },  { "uintptr_t", 8, true },
	{ "gfp_t", 4, true },	 { "fmode_t", 4, true },   { "loff_t", 8, false },
};

/* Other names that a constant may contain. */
static const char *const constant_words[] = {
	"sizeof", "_Alignof", "__alignof__", "typeof", "__typeof__", "struct", "union", "enum",
};

struct parser {
	const char *at, *end;
	const char *token; /* NULL: the end */
	size_t n;
	enumerator_fn enumerator;
	void *arg;
	unsigned int depth;
	bool failed;
};

/* Limit of the recursion: real constants don't nest as deep. */
#define DEPTH_MAX 200

static void next(struct parser *p)
{
	p->token = c_token(&p->at, p->end, &p->n);
}

static bool is_token(const struct parser *p, const char *text)
{
	return p->token && p->n == strlen(text) && !memcmp(p->token, text, p->n);
}

static bool take(struct parser *p, const char *text)
{
	if (!is_token(p, text))
		return false;
	next(p);
	return true;
}

static void need(struct parser *p, const char *text)
{
	p->failed |= !take(p, text);
}

static bool is_name(const struct parser *p)
{
	return p->token && c_is_name_char(*p->token) && !isdigit((unsigned char)*p->token);
}

static struct constant fail(struct parser *p)
{
	p->failed = true;
	return constant_truth(false);
}

static const struct type_word *type_word(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(type_words); i++)
		if (strlen(type_words[i].word) == n && !memcmp(word, type_words[i].word, n))
			return &type_words[i];
	return NULL;
}

/* Read the type that begins here; @size 0: it isn't known, and its values are not converted. */
static void read_type(struct parser *p, unsigned int *size, bool *is_unsigned)
{
	bool known = true;

	*size = 0;
	*is_unsigned = false;
	for (; is_name(p); next(p)) {
		const struct type_word *word = type_word(p->token, p->n);

		known &= !!word;
		if (word && word->size && (*size != 2 || word->size == 2))
			*size = word->size;
		if (word)
			*is_unsigned |= word->is_unsigned;
	}
	if (!*size && known)
		*size = 4;
	else if (!known)
		*size = 0;
	for (; is_token(p, "*"); next(p)) {
		*size = 8;
		*is_unsigned = true;
	}
}

static struct constant conditional(struct parser *p);
static struct constant unary(struct parser *p);

static struct constant read_number(struct parser *p)
{
	char *copy = strndup(p->token, p->n), *end = NULL;
	struct constant c = { .size = 4 };
	bool decimal = *p->token != '0', is_long = false;

	if (!copy)
		return fail(p);
	errno = 0;
	/* the kernel's C (gnu11) has 0b101, strtoull() doesn't */
	c.value = strncasecmp(copy, "0b", 2) ? strtoull(copy, &end, 0)
					     : strtoull(copy + 2, &end, 2);
	p->failed |= errno;
	for (; *end; end++) {
		c.is_unsigned |= *end == 'u' || *end == 'U';
		is_long |= *end == 'l' || *end == 'L';
		p->failed |= !strchr("uUlL", *end);
	}
	free(copy);
	if (is_long || c.value > 0xffffffff || (c.value > 0x7fffffff && decimal && !c.is_unsigned))
		c.size = 8;
	else if (c.value > 0x7fffffff)
		c.is_unsigned = true;
	c.is_unsigned |= c.value >> 63;
	next(p);
	return c;
}

static struct constant read_character(struct parser *p)
{
	static const char escapes[] = "0\0n\nt\tr\ra\ab\bf\fv\v\\\\'\'\"\"";
	struct constant c = { .size = 4 };

	if (p->n == 3) {
		c.value = (unsigned long long)(signed char)p->token[1];
	} else if (p->n == 4 && p->token[1] == '\\') {
		size_t i = 0;

		while (i + 1 < sizeof(escapes) && escapes[i] != p->token[2])
			i += 2;
		if (i + 1 >= sizeof(escapes))
			return fail(p);
		c.value = escapes[i + 1];
	} else {
		return fail(p);
	}
	next(p);
	return c;
}

static void skip_parenthesis(struct parser *p)
{
	unsigned int depth = 0;

	need(p, "(");
	for (; p->token && !p->failed && (depth || !is_token(p, ")")); next(p))
		depth += is_token(p, "(") ? 1 : is_token(p, ")") ? -1 : 0;
	need(p, ")");
}

static struct constant size_of(struct parser *p)
{
	unsigned int size;
	bool is_unsigned;

	need(p, "(");
	read_type(p, &size, &is_unsigned);
	need(p, ")");
	p->failed |= !size;
	return (struct constant){ size, 8, true };
}

static struct constant choose_expression(struct parser *p)
{
	struct constant which, yes, no;

	need(p, "(");
	which = conditional(p);
	need(p, ",");
	yes = conditional(p);
	need(p, ",");
	no = conditional(p);
	need(p, ")");
	return which.value ? yes : no;
}

static struct constant read_name(struct parser *p)
{
	struct constant c;

	if (take(p, "sizeof"))
		return size_of(p);
	if (take(p, "__builtin_choose_expr"))
		return choose_expression(p);
	if (take(p, "__builtin_constant_p")) {
		skip_parenthesis(p);
		return constant_truth(true);
	}
	if (!p->enumerator || !p->enumerator(p->token, p->n, &c, p->arg))
		return fail(p);
	next(p);
	return c;
}

static bool is_type_here(struct parser *p)
{
	struct constant c;

	return is_name(p) && !is_token(p, "sizeof") && !str_starts(p->token, "__builtin_") &&
	       !(p->enumerator && p->enumerator(p->token, p->n, &c, p->arg));
}

/* The '(' was taken: read an expression in parentheses, or a type. */
static struct constant in_parenthesis(struct parser *p)
{
	unsigned int size;
	bool is_unsigned;
	struct constant c;

	if (!is_type_here(p)) {
		c = conditional(p);
		need(p, ")");
		return c;
	}
	read_type(p, &size, &is_unsigned);
	need(p, ")");
	/* (name) - 1: it may be a cast or a variable */
	if (!size && (is_token(p, "-") || is_token(p, "+") || is_token(p, "&") || is_token(p, "*")))
		return fail(p);
	return constant_cast(unary(p), size, is_unsigned);
}

static struct constant unary(struct parser *p)
{
	struct constant c;

	if (p->failed || !p->token || ++p->depth > DEPTH_MAX)
		return fail(p);
	if (take(p, "-")) {
		c = unary(p);
		c.value = -c.value;
	} else if (take(p, "+")) {
		c = unary(p);
	} else if (take(p, "~")) {
		c = unary(p);
		c.value = ~c.value;
	} else if (take(p, "!")) {
		c = constant_truth(!unary(p).value);
	} else if (take(p, "(")) {
		c = in_parenthesis(p);
	} else if (isdigit((unsigned char)*p->token)) {
		c = read_number(p);
	} else if (*p->token == '\'') {
		c = read_character(p);
	} else if (is_name(p)) {
		c = read_name(p);
	} else {
		c = fail(p);
	}
	p->depth--;
	return constant_normal(c);
}

static const struct constant_operator *operator_here(const struct parser *p)
{
	return p->token ? constant_operator(p->token, p->n) : NULL;
}

static struct constant binary(struct parser *p, int binds)
{
	struct constant c = unary(p), right;
	const struct constant_operator *op;

	while (!p->failed && (op = operator_here(p)) && op->binds >= binds) {
		next(p);
		right = binary(p, op->binds + 1);
		p->failed |= !constant_compute(op->operation, c, right, &c);
	}
	return c;
}

static struct constant conditional(struct parser *p)
{
	struct constant c = binary(p, 1), yes, no;

	if (p->failed || !take(p, "?"))
		return c;
	yes = is_token(p, ":") ? c : conditional(p);
	need(p, ":");
	no = conditional(p);
	return c.value ? yes : no;
}

bool constant_evaluate(const char *text, size_t n, enumerator_fn enumerator, void *arg,
		       struct constant *value)
{
	struct parser p = { .at = text, .end = text + n, .enumerator = enumerator, .arg = arg };
	struct constant c;

	next(&p);
	c = conditional(&p);
	if (p.failed || p.token)
		return false;
	*value = c;
	return true;
}

static bool is_constant_word(const char *word, size_t n)
{
	if (isdigit((unsigned char)*word) || type_word(word, n) ||
	    (n > 10 && !memcmp(word, "__builtin_", 10)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(constant_words); i++)
		if (strlen(constant_words[i]) == n && !memcmp(word, constant_words[i], n))
			return true;
	return false;
}

bool constant_looks_like(const char *text, size_t n, enumerator_fn enumerator, void *arg)
{
	const char *end = text + n, *token;
	bool tag = false, any = false;
	struct constant c;

	while ((token = c_token(&text, end, &n))) {
		if (strchr("\"{};", *token))
			return false;
		if (c_is_name_char(*token) && !tag && !is_constant_word(token, n) &&
		    !(enumerator && enumerator(token, n, &c, arg)))
			return false;
		any |= !tag && c_is_name_char(*token);
		tag = c_is_name_char(*token) && (n == 6 || n == 5 || n == 4) &&
		      (!strncmp(token, "struct", n) || !strncmp(token, "union", n) ||
		       !strncmp(token, "enum", n));
	}
	return any;
}
