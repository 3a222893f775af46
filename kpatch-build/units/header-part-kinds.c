// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds what a declaration declares, as far as text that isn't preprocessed tells.
 * Any word may be a macro, so the grammar is strict: attributes are those of a
 * table, a type is one word, and what is left over makes it PART_OTHER.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/units/header-part-kinds.h"
#include "kpatch-build/units/header-parts.h"
#include "lib/array.h"

struct span {
	const char *at;
	size_t n;
};

/* Words before, in and after a declaration that declare no name and produce no code. */
static const char *const attributes[] = {
	"static",
	"extern",
	"inline",
	"__inline",
	"__inline__",
	"__always_inline",
	"noinline",
	"asmlinkage",
	"notrace",
	"noinstr",
	"const",
	"volatile",
	"__must_check",
	"__printf",
	"__scanf",
	"__init",
	"__exit",
	"__cold",
	"__pure",
	"__attribute_const__",
	"__maybe_unused",
	"__always_unused",
	"__noreturn",
	"__malloc",
	"__must_hold",
	"__acquires",
	"__releases",
	"__read_mostly",
	"__ro_after_init",
	"__initdata",
	"__packed",
	"__aligned",
	"__randomize_layout",
	"____cacheline_aligned",
	"____cacheline_aligned_in_smp",
	"__weak",
	"__sched",
	"__latent_entropy",
	"__percpu",
	"randomized_struct_fields_start",
	"randomized_struct_fields_end",
};

static const char *const builtin_types[] = {
	"void", "char", "short", "int", "long", "signed", "unsigned", "bool", "_Bool",
};

/* Types that begin as attributes do. */
static const char *const more_types[] = {
	"__u8",	  "__u16",  "__u32",  "__u64",	"__s8",	  "__s16",  "__s32",   "__s64",
	"__be16", "__be32", "__be64", "__le16", "__le32", "__le64", "__sum16", "__wsum",
};

/* Neither a type nor a name. */
static const char *const keywords[] = {
	"typedef", "typeof",   "__typeof__", "return", "enum",	 "struct",
	"union",   "asm",      "__asm__",    "if",     "while",	 "for",
	"do",	   "_Alignas", "sizeof",     "goto",   "switch", "static_assert",
};

/* Members that a macro declares: none has a tag that code could use without the structure's. */
static const char *const member_macros[] = {
	"DECLARE_BITMAP",    "DECLARE_FLEX_ARRAY", "DECLARE_HASHTABLE", "DECLARE_KFIFO",
	"DECLARE_KFIFO_PTR", "DECLARE_UINT_KFIFO", "struct_group",	"struct_group_attr",
};

/* Words that make the compiler keep a function without a call, or give it another name. */
static const char *const special[] = {
	"used",		 "__used__",	      "__used",	       "alias",
	"__alias__",	 "__alias",	      "retain",	       "__retain__",
	"constructor",	 "__constructor__",   "destructor",    "__destructor__",
	"ifunc",	 "__ifunc__",	      "__ADDRESSABLE", "__visible",
	"EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL",
};

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool span_is(const struct span *word, const char *text)
{
	return word->n == strlen(text) && !strncmp(word->at, text, word->n);
}

static bool is_one_of(const struct span *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, list[i]))
			return true;
	return false;
}

#define IS_ONE_OF(word, list) is_one_of(word, list, ARRAY_SIZE(list))

static bool peek_word(const char *at, struct span *word)
{
	at += *at == ' ';
	word->at = at;
	word->n = 0;
	while (is_letter(at[word->n]))
		word->n++;
	return word->n && !isdigit((unsigned char)*at);
}

static bool is_next(const char *at, char c)
{
	return at[*at == ' '] == c;
}

/* The place after the brackets that open at or after @at; NULL: they have no end. */
static const char *skip_brackets(const char *at)
{
	unsigned int depth = 0;

	for (; *at; at++) {
		if (*at == '"' || *at == '\'') {
			char quote = *at;

			for (at++; *at && *at != quote; at++)
				at += *at == '\\' && at[1];
			if (!*at)
				return NULL;
			continue;
		}
		depth += *at == '(' || *at == '[' || *at == '{';
		if ((*at == ')' || *at == ']' || *at == '}') && !--depth)
			return at + 1;
	}
	return NULL;
}

static bool lacks_small_letters(const struct span *word)
{
	for (size_t i = 0; i < word->n; i++)
		if (islower((unsigned char)word->at[i]))
			return false;
	return true;
}

/* Upper case is the custom for macros, which may be anything. */
static bool can_be_name(const struct span *word)
{
	return !lacks_small_letters(word) && !IS_ONE_OF(word, keywords) &&
	       !IS_ONE_OF(word, attributes) && !IS_ONE_OF(word, builtin_types);
}

static bool can_be_type(const struct span *word)
{
	return can_be_name(word) && (strncmp(word->at, "__", 2) || IS_ONE_OF(word, more_types));
}

struct storage {
	bool is_static, is_inline, is_extern;
};

/* Step over attributes, and their arguments; NULL: brackets have no end. */
static const char *skip_attributes(const char *at, struct storage *storage)
{
	struct span word;

	while (at && peek_word(at, &word) && IS_ONE_OF(&word, attributes)) {
		storage->is_static |= span_is(&word, "static");
		storage->is_extern |= span_is(&word, "extern");
		storage->is_inline |= span_is(&word, "inline") || span_is(&word, "__inline") ||
				      span_is(&word, "__inline__") ||
				      span_is(&word, "__always_inline");
		at = word.at + word.n;
		if (is_next(at, '('))
			at = skip_brackets(at);
	}
	return at;
}

static const char *skip_type(const char *at)
{
	struct span word;

	if (!peek_word(at, &word))
		return NULL;
	if (span_is(&word, "struct") || span_is(&word, "union") || span_is(&word, "enum")) {
		at = word.at + word.n;
		return peek_word(at, &word) && !IS_ONE_OF(&word, attributes) ? word.at + word.n
									     : NULL;
	}
	if (!IS_ONE_OF(&word, builtin_types))
		return can_be_type(&word) ? word.at + word.n : NULL;
	while (peek_word(at, &word) && IS_ONE_OF(&word, builtin_types))
		at = word.at + word.n;
	return at;
}

/* "* const *" and attributes between a type and a name */
static const char *skip_pointers(const char *at, struct storage *storage)
{
	at = skip_attributes(at, storage);
	while (at && is_next(at, '*'))
		at = skip_attributes(at + (*at == ' ') + 1, storage);
	return at;
}

static int set_kind(struct header_part *part, enum part_kind kind, const struct span *name)
{
	part->name = strndup(name->at, name->n);
	if (!part->name)
		return -ENOMEM;
	part->kind = kind;
	return 0;
}

static bool has_special_word(const char *text)
{
	struct span word;

	for (; *text; text++) {
		if (!is_letter(*text))
			continue;
		if (peek_word(text, &word) && IS_ONE_OF(&word, special))
			return true;
		while (is_letter(text[1]))
			text++;
	}
	return false;
}

static bool ends_after(const char *at, char c)
{
	return at && is_next(at, c) && !at[(*at == ' ') + 1];
}

static int classify_declaration(struct header_part *part)
{
	struct storage storage = { 0 }, trailing = { 0 };
	const char *at = skip_attributes(part->text, &storage);
	struct span name;

	at = at ? skip_type(at) : NULL;
	at = at ? skip_pointers(at, &storage) : NULL;
	if (!at || !peek_word(at, &name) || !can_be_name(&name) || has_special_word(part->text))
		return 0;
	at = name.at + name.n;
	if (is_next(at, '(')) {
		at = skip_brackets(at);
		at = at ? skip_attributes(at, &trailing) : NULL;
		if (ends_after(at, ';') && !storage.is_inline)
			return set_kind(part, PART_FUNCTION, &name);
		if (!at || !is_next(at, '{') || !storage.is_static || !storage.is_inline)
			return 0;
		at = skip_brackets(at);
		return at && !*at ? set_kind(part, PART_FUNCTION, &name) : 0;
	}
	while (at && is_next(at, '['))
		at = skip_brackets(at);
	at = at ? skip_attributes(at, &trailing) : NULL;
	return ends_after(at, ';') && storage.is_extern ? set_kind(part, PART_VARIABLE, &name) : 0;
}

/* Does @body, from '{' to '}', declare other tags or enumerators? */
static bool declares_more(const char *body)
{
	struct span word;

	for (; *body; body++) {
		if (!is_letter(*body))
			continue;
		peek_word(body, &word);
		body += word.n - 1;
		if (span_is(&word, "struct") || span_is(&word, "union") || span_is(&word, "enum")) {
			bool tag = false, is_enum = span_is(&word, "enum");
			const char *next = word.at + word.n;

			if (peek_word(next, &word)) {
				tag = true;
				next = word.at + word.n;
			}
			if (is_next(next, '{') && (tag || is_enum))
				return true;
			/* "struct __packed tag {" */
			if (tag && peek_word(next, &word) && is_next(word.at + word.n, '{'))
				return true;
		}
	}
	return false;
}

/* The place after "name", "*name[2]", "(*name)(int)", ": 3" and attributes; NULL: none of these. */
static const char *skip_declarator(const char *at)
{
	struct storage storage = { 0 };
	struct span name;

	at = skip_pointers(at, &storage);
	if (at && is_next(at, '('))
		at = at[(*at == ' ') + 1] == '*' ? skip_brackets(at) : NULL;
	else if (at && peek_word(at, &name) && !IS_ONE_OF(&name, keywords))
		at = name.at + name.n;
	else if (at && !is_next(at, ':'))
		return NULL;
	while (at && (is_next(at, '[') || is_next(at, '(')))
		at = skip_brackets(at);
	if (at && is_next(at, ':')) /* the number of bits */
		at += strcspn(at, ",;{}");
	return at ? skip_attributes(at, &storage) : NULL;
}

/* The place after "a, *b;" */
static const char *skip_declarators(const char *at)
{
	at = skip_declarator(at);
	while (at && is_next(at, ','))
		at = skip_declarator(at + (*at == ' ') + 1);
	return at && is_next(at, ';') ? at + (*at == ' ') + 1 : NULL;
}

static const char *skip_members(const char *at);

/* The place after "struct {…} x;" or "DECLARE_X(…);" or "int x;" */
static const char *skip_member(const char *at)
{
	struct storage storage = { 0 };
	struct span word;

	at = skip_attributes(at, &storage);
	if (!at || is_next(at, '}') || !peek_word(at, &word))
		return at && is_next(at, '}') ? at : NULL;
	if (IS_ONE_OF(&word, member_macros)) {
		at = skip_brackets(word.at + word.n);
		at = at ? skip_attributes(at, &storage) : NULL;
		return at && is_next(at, ';') ? at + (*at == ' ') + 1 : NULL;
	}
	if (span_is(&word, "struct") || span_is(&word, "union")) {
		const char *body = skip_attributes(word.at + word.n, &storage);

		if (body && is_next(body, '{')) {
			at = skip_members(body);
			at = at ? skip_attributes(at, &storage) : NULL;
			return at && is_next(at, ';') ? at + (*at == ' ') + 1
			       : at		      ? skip_declarators(at)
						      : NULL;
		}
	}
	at = skip_type(at);
	return at ? skip_declarators(at) : NULL;
}

/*
 * The place after the '}' of the '{' at or after @at. NULL: a member isn't understood. It may be a
 * macro, which may declare anything.
 */
static const char *skip_members(const char *at)
{
	at += (*at == ' ') + 1;
	while (at && !is_next(at, '}')) {
		at += *at == ' ';
		if (*at == '#') { /* "#ifdef" to the end of its line */
			at = strchr(at, '\n');
			at = at ? at + 1 : NULL;
		} else if (*at == ';') {
			at++;
		} else {
			at = *at ? skip_member(at) : NULL;
		}
	}
	return at ? at + (*at == ' ') + 1 : NULL;
}

static int classify_structure(struct header_part *part, const char *at)
{
	struct storage storage = { 0 };
	struct span name;
	const char *body;

	if (!peek_word(at, &name) || IS_ONE_OF(&name, attributes))
		return 0;
	at = name.at + name.n;
	if (ends_after(at, ';'))
		return set_kind(part, PART_FORWARD, &name);
	if (!is_next(at, '{'))
		return classify_declaration(part);
	body = at;
	at = skip_members(at);
	at = at ? skip_attributes(at, &storage) : NULL;
	if (!ends_after(at, ';') || declares_more(body))
		return 0;
	return set_kind(part, PART_STRUCTURE, &name);
}

int header_part_classify(struct header_part *part)
{
	struct span word;

	if (peek_word(part->text, &word) && (span_is(&word, "struct") || span_is(&word, "union")))
		return classify_structure(part, word.at + word.n);
	return classify_declaration(part);
}
