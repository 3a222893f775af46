// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix often adds an inline function to a header that hundreds of units read.
 * Then the preprocessed text of all of them differs, but no instruction of
 * those that don't call it.
 *
 * So everything that nothing refers to is left out before texts are compared:
 * static inline functions, prototypes and structures whose names occur nowhere
 * else, or only in others of these. The compiler makes no code from them. The
 * text isn't parsed any further: anything that doesn't look exactly like one of
 * the three stays, and every occurrence of a name counts, even in a string.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/units/used-text.h"

struct word {
	const char *at;
	size_t n;
};

/* A declaration or definition outside of all functions, without the blanks before it. */
struct item {
	char *begin, *end;
	struct word name; /* if it can be left out */
	bool used;
	struct item *same_hash;
	struct item *next_used;
};

struct items {
	struct item *list;
	size_t n, max;
	struct item **buckets;
	size_t n_buckets;
	struct item *first_used, *last_used;
};

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool word_is(const struct word *word, const char *text)
{
	return word->n == strlen(text) && !memcmp(word->at, text, word->n);
}

static bool word_is_one_of(const struct word *word, const char *const *list)
{
	for (; *list; list++)
		if (word_is(word, *list))
			return true;
	return false;
}

/* The word at or after *@at; false at the end. Numbers are words too, which does no harm. */
static bool next_word(const char **at, const char *end, struct word *word)
{
	const char *c = *at;

	while (c < end && !is_letter(*c))
		c++;
	word->at = c;
	while (c < end && is_letter(*c))
		c++;
	word->n = c - word->at;
	*at = c;
	return word->n;
}

/* Returns the place after a string or character constant that begins at @c. */
static char *skip_quoted(char *c)
{
	char quote = *c++;

	while (*c && *c != quote)
		c += *c == '\\' && c[1] ? 2 : 1;
	return *c ? c + 1 : c;
}

/*
 * Where the item that begins at @c ends: after a ';', or after the body of a function, which
 * follows a ')'. A structure's braces follow its name.
 */
static char *item_end(char *c)
{
	unsigned int depth = 0;
	bool body = false;
	char last = 0;

	while (*c) {
		if (*c == '"' || *c == '\'') {
			c = skip_quoted(c);
			last = '"';
			continue;
		}
		if (*c == '(' || *c == '[' || *c == '{') {
			if (!depth && *c == '{')
				body = last == ')';
			depth++;
		} else if ((*c == ')' || *c == ']' || *c == '}') && depth) {
			depth--;
			if (!depth && *c == '}' && body)
				return c + 1;
		} else if (*c == ';' && !depth) {
			return c + 1;
		}
		if (!isspace((unsigned char)*c))
			last = *c;
		c++;
	}
	return c;
}

/* The parts of an item outside of parentheses and braces. */
struct outline {
	struct word words[32];
	size_t n_words;
	struct word called; /* the word before each '(', which has to be the same each time */
	unsigned int n_called, n_braces;
	bool odd; /* it has something that none of the three has */
};

static const char *skip_group(const char *c, const char *end)
{
	unsigned int depth = 0;

	for (; c < end; c++) {
		if (*c == '"' || *c == '\'') {
			c = skip_quoted((char *)c) - 1;
			continue;
		}
		depth += *c == '(' || *c == '[' || *c == '{';
		depth -= *c == ')' || *c == ']' || *c == '}';
		if (!depth)
			return c + 1;
	}
	return end;
}

static void read_outline(const struct item *item, struct outline *o)
{
	static const char *const attributes[] = { "__attribute__", "__attribute", NULL };
	const char *c = item->begin;
	bool follows_word = false;

	memset(o, 0, sizeof(*o));
	while (c < item->end && !o->odd) {
		if (is_letter(*c)) {
			if (o->n_words == ARRAY_SIZE(o->words)) {
				o->odd = true;
				break;
			}
			next_word(&c, item->end, &o->words[o->n_words]);
			follows_word = true;
			if (word_is_one_of(&o->words[o->n_words], attributes)) {
				while (c < item->end && isspace((unsigned char)*c))
					c++;
				c = *c == '(' ? skip_group(c, item->end) : item->end;
				follows_word = false;
				continue;
			}
			o->n_words++;
		} else if (*c == '(') {
			o->odd = !follows_word || o->n_called++;
			if (follows_word)
				o->called = o->words[o->n_words - 1];
			c = skip_group(c, item->end);
			follows_word = false;
		} else if (*c == '{') {
			o->n_braces++;
			c = skip_group(c, item->end);
			follows_word = false;
		} else {
			if (!isspace((unsigned char)*c)) {
				o->odd = *c != '*' && !(*c == ';' && c + 1 == item->end);
				follows_word = false;
			}
			c++;
		}
	}
}

static bool outline_has(const struct outline *o, const char *word)
{
	for (size_t i = 0; i < o->n_words; i++)
		if (word_is(&o->words[i], word))
			return true;
	return false;
}

static bool outline_is_inline(const struct outline *o)
{
	return outline_has(o, "static") &&
	       (outline_has(o, "inline") || outline_has(o, "__inline") ||
		outline_has(o, "__inline__"));
}

/*
 * Words that make code even if nothing calls the function, or give it another name; or that look
 * like a call but aren't one.
 */
static bool has_special_words(const struct item *item)
{
	static const char *const special[] = {
		"used",	       "__used__",	  "alias",	"__alias__",
		"constructor", "__constructor__", "destructor", "__destructor__",
		"ifunc",       "__ifunc__",	  "retain",	"__retain__",
		NULL,
	};
	const char *at = item->begin;
	struct word word;

	while (next_word(&at, item->end, &word))
		if (word_is_one_of(&word, special))
			return true;
	return false;
}

static bool is_function_name(const struct word *word)
{
	static const char *const others[] = {
		"typeof",	  "__typeof__", "__typeof", "_Alignas", "asm",	"__asm__", "__asm",
		"_Static_assert", "int",	"void",	    "long",	"char", "bool",	   "_Bool",
		"unsigned",	  "signed",	"short",    "return",	NULL,
	};

	return word->n && !isdigit((unsigned char)*word->at) && !word_is_one_of(word, others);
}

/*
 * Is it the name of a structure that declares nothing else: is no other name visible outside in the
 * first level of its body?
 */
static bool is_plain_structure(const struct item *item, const struct outline *o)
{
	const char *brace = memchr(item->begin, '{', item->end - item->begin);

	return o->n_words == 2 && o->n_braces == 1 && !o->n_called &&
	       (word_is(&o->words[0], "struct") || word_is(&o->words[0], "union")) &&
	       !memchr(brace + 1, '{', item->end - brace - 1);
}

static void name_item(struct item *item)
{
	struct outline o;
	bool function;

	read_outline(item, &o);
	if (o.odd || has_special_words(item))
		return;
	if (is_plain_structure(item, &o)) {
		item->name = o.words[1];
		return;
	}
	function = o.n_called == 1 && is_function_name(&o.called) && !outline_has(&o, "typedef") &&
		   o.called.at == o.words[o.n_words - 1].at;
	if (function && (o.n_braces ? o.n_braces == 1 && outline_is_inline(&o) : true))
		item->name = o.called;
}

static int split(char *text, struct items *items)
{
	char *c = text;

	while (*c) {
		struct item *list, *item;

		if (items->n == items->max) {
			items->max = items->max ? 2 * items->max : 4096;
			list = realloc(items->list, items->max * sizeof(*list));
			if (!list)
				return -ENOMEM;
			items->list = list;
		}
		while (isspace((unsigned char)*c))
			c++;
		item = &items->list[items->n++];
		memset(item, 0, sizeof(*item));
		item->begin = c;
		item->end = c = item_end(c);
		name_item(item);
	}
	return 0;
}

static struct item **bucket_of(struct items *items, const struct word *word)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < word->n; i++)
		hash = (hash ^ (unsigned char)word->at[i]) * 16777619u;
	return &items->buckets[hash % items->n_buckets];
}

static void use(struct items *items, struct item *item)
{
	if (item->used)
		return;
	item->used = true;
	if (items->last_used)
		items->last_used->next_used = item;
	else
		items->first_used = item;
	items->last_used = item;
}

static void use_what_is_named_by(struct items *items, const struct item *user)
{
	const char *at = user->begin;
	struct word word;

	while (next_word(&at, user->end, &word))
		for (struct item *item = *bucket_of(items, &word); item; item = item->same_hash)
			if (item->name.n == word.n && !memcmp(item->name.at, word.at, word.n))
				use(items, item);
}

static int find_used(struct items *items)
{
	items->n_buckets = 2 * items->n + 1;
	items->buckets = calloc(items->n_buckets, sizeof(*items->buckets));
	if (!items->buckets)
		return -ENOMEM;
	for (size_t i = 0; i < items->n; i++) {
		struct item *item = &items->list[i], **bucket;

		if (!item->name.n) {
			use(items, item);
			continue;
		}
		bucket = bucket_of(items, &item->name);
		item->same_hash = *bucket;
		*bucket = item;
	}
	for (const struct item *item = items->first_used; item; item = item->next_used)
		use_what_is_named_by(items, item);
	return 0;
}

int text_drop_unused(char *text)
{
	struct items items = { 0 };
	char *to = text;
	int err;

	err = split(text, &items);
	err = err ?: find_used(&items);
	for (size_t i = 0; i < items.n && !err; i++) {
		const struct item *item = &items.list[i];

		if (!item->used)
			continue;
		if (to > text && to < item->begin) /* one was left out, or there were blanks */
			*to++ = '\n';
		memmove(to, item->begin, item->end - item->begin);
		to += item->end - item->begin;
	}
	if (!err)
		*to = '\0';
	free(items.buckets);
	free(items.list);
	return err;
}
