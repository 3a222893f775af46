// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A macro of a driver may paste a name of six pieces or more (net/mac80211/debugfs_sta.c,
 * 6.1: IEEE80211_HE_##t##_CAP##i##_##n##_MASK). Six words of the tree can be found in
 * nearly any name, so it has to be known which of them the macro itself contains.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strvec.h"
#include "lib/text.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/paste-chains.h"

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t word_length(const char *at)
{
	size_t n = 0;

	while (is_letter(at[n]))
		n++;
	return n;
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Is the word at @word, of @n letters, between the '(' at @params and its ')'? */
static bool is_parameter(const char *params, const char *word, size_t n)
{
	if (*params != '(')
		return false;
	for (params++; *params && *params != ')' && *params != '\n'; params++) {
		size_t length = word_length(params);

		if (length == n && !strncmp(params, word, n))
			return true;
		params += length ? length - 1 : 0;
	}
	return false;
}

/* The operand after the word at @at and "##"; NULL if the chain ends with that word. */
static const char *next_operand(const char *at)
{
	at = skip_blanks(at + word_length(at));
	if (strncmp(at, "##", 2))
		return NULL;
	at = skip_blanks(at + 2);
	return is_letter(*at) ? at : NULL;
}

static int add_chain(struct strvec *chains, const char *params, const char *operand)
{
	char *chain = NULL;
	bool has_word = false;
	size_t size;
	FILE *out = open_memstream(&chain, &size);

	for (const char *separator = ""; out && operand; operand = next_operand(operand)) {
		size_t n = word_length(operand);
		bool parameter = is_parameter(params, operand, n);

		has_word |= !parameter;
		fprintf(out, "%s%.*s", separator, parameter ? 1 : (int)n,
			parameter ? "*" : operand);
		separator = " ";
	}
	if (!out || fclose(out)) {
		free(chain);
		return -ENOMEM;
	}
	if (has_word && !strvec_has(chains, chain))
		return strvec_take(chains, chain);
	free(chain);
	return 0;
}

/* @params: after "define NAME" */
static int add_macro(struct strvec *chains, const char *params, const char *end)
{
	int err = 0;

	for (const char *at = params; at < end && !err;) {
		const char *first = at;
		size_t operands = 0;

		if (!is_letter(*at)) {
			at++;
			continue;
		}
		for (const char *next = first; next; next = next_operand(next)) {
			operands++;
			at = next + word_length(next);
		}
		if (operands >= LONG_CHAIN)
			err = add_chain(chains, params, first);
	}
	return err;
}

int paste_chains_add(struct strvec *chains, const char *text)
{
	int err = 0;

	for (const char *line = text, *end; *line && !err; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		line = skip_blanks(line);
		if (*line != '#')
			continue;
		line = skip_blanks(line + 1);
		if (!str_starts(line, "define"))
			continue;
		line = skip_blanks(line + strlen("define"));
		err = add_macro(chains, line + word_length(line), end);
	}
	return err;
}
