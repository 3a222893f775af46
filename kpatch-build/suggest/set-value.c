// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The form for a changed initial value: a callback sets it in the running kernel, after
 * all tasks run the new code, and another one restores it before the first task gets the
 * old code back.
 *
 * A variable that has another value than the old initial one was set by somebody (an
 * administrator, init code), who would have set it in the fixed kernel as well: it stays
 * as it is. No lock is taken, so the form is for numbers that one store sets as a whole.
 * Whether code relies on several values that belong together is the reviewer's question.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/c-functions.h"
#include "kpatch-build/suggest/set-value.h"
#include "lib/array.h"
#include "lib/text.h"

/* Of these a declaration may consist, before the variable's name. */
static const char *const types[] = {
	"static", "int",  "unsigned", "signed", "long",	 "short",	  "char", "bool",
	"u8",	  "u16",  "u32",      "u64",	"s8",	 "s16",		  "s32",  "s64",
	"size_t", "uint", "ulong",    "pid_t",	"gfp_t", "__read_mostly",
};

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool is_type(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i]) == n && !strncmp(types[i], word, n))
			return true;
	return false;
}

/* Where the statement at file scope that contains @at begins. */
static const char *statement_start(const char *text, const char *at)
{
	while (at > text && !strchr(";}", at[-1]))
		at--;
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

/* The initialiser after the name at @at; NULL: the declaration isn't of the one known form. */
static char *read_declaration(const struct c_functions *functions, const char *source,
			      const char *at, size_t n)
{
	const char *blank = functions->blank, *word = statement_start(blank, at), *end;

	while (word < at) {
		size_t length = 0;

		while (is_name_char(word[length]))
			length++;
		if (!length || !is_type(word, length))
			return NULL;
		word += length;
		word += strspn(word, " \t\n");
	}
	word = at + n + strspn(at + n, " \t");
	if (str_starts(word, "__read_mostly"))
		word += strlen("__read_mostly");
	word += strspn(word, " \t");
	end = strpbrk(word, ",;{[");
	if (*word != '=' || !end || *end != ';')
		return NULL;
	word += 1 + strspn(word + 1, " \t");
	/* the source, as the value may be a character */
	return strndup(source + (word - blank), end - word);
}

/* The initialiser of the only variable @name at file scope. NULL: there is none of a known form. */
static char *find_value(const char *text, const char *name, int *err)
{
	struct c_functions functions;
	char *value = NULL;
	size_t n = strlen(name), declarations = 0;

	*err = c_functions_read(text, &functions);
	if (*err)
		return NULL;
	for (const char *at = functions.blank; (at = strstr(at, name)); at += n) {
		const char *next = at + n + strspn(at + n, " \t");

		if ((at > functions.blank && is_name_char(at[-1])) || is_name_char(at[n]) ||
		    c_function_at(&functions, at - functions.blank))
			continue;
		if (*next != '=' && *next != '_')
			continue;
		declarations++;
		free(value);
		value = read_declaration(&functions, text, at, n);
	}
	if (declarations > 1) {
		free(value);
		value = NULL;
	}
	c_functions_free(&functions);
	return value;
}

static char *text_of_callbacks(const char *text, const char *name, const char *was, const char *is)
{
	return format(
		"%s%s"
		"\n"
		"#include <klp-split-author.h>\n"
		"\n"
		"/*\n"
		" * Review: may %s change while the system runs, without a lock? Values that\n"
		" * were set by others are kept.\n"
		" */\n"
		"KLP_SPLIT_DATA_HANDLED(%s);\n"
		"\n"
		"static bool klp_set_%s;\n"
		"\n"
		"static void klp_post_patch_%s(struct klp_object *obj)\n"
		"{\n"
		"\tif (READ_ONCE(%s) != (%s))\n"
		"\t\treturn;\n"
		"\tWRITE_ONCE(%s, %s);\n"
		"\tklp_set_%s = true;\n"
		"}\n"
		"KLP_SPLIT_POST_PATCH(klp_post_patch_%s);\n"
		"\n"
		"static void klp_pre_unpatch_%s(struct klp_object *obj)\n"
		"{\n"
		"\tif (klp_set_%s && READ_ONCE(%s) == (%s))\n"
		"\t\tWRITE_ONCE(%s, %s);\n"
		"\tklp_set_%s = false;\n"
		"}\n"
		"KLP_SPLIT_PRE_UNPATCH(klp_pre_unpatch_%s);\n",
		text, *text && text[strlen(text) - 1] == '\n' ? "" : "\n", name, name, name, name,
		name, was, name, is, name, name, name, name, name, is, name, was, name, name);
}

static int write_callbacks(struct draft *draft, const struct problem *problem, const char *name,
			   const char *original, const char *text, bool *edited)
{
	int err = 0, one = 0;
	char *was = find_value(original, name, &err), *is = find_value(text, name, &one), *all;

	err = err ?: one;
	if (err) {
		diag_oom(draft->build->diag);
	} else if (!was || !is) {
		err = draft_no(draft, problem,
			       "'%s' isn't declared as a number with an initial value, once in its "
			       "file: a callback of another kind has to be written",
			       name);
	} else if (!strcmp(was, is) || text_has_word(text, "KLP_SPLIT_POST_PATCH")) {
		err = draft_no(draft, problem,
			       "'%s': the text of its value doesn't change, or its file has "
			       "callbacks already",
			       name);
	} else {
		all = text_of_callbacks(text, name, was, is);
		err = all ? draft_write(draft, problem->file, all) : diag_oom(draft->build->diag);
		free(all);
		*edited = !err;
	}
	if (!err && *edited)
		err = draft_note(
			draft, problem,
			"a post-patch callback sets %s from %s to %s, and a pre-unpatch "
			"callback restores it, without a lock. Does code rely on other values "
			"that belong to it? Another livepatch that replaces this one has to do "
			"the same",
			name, was, is);
	free(is);
	free(was);
	return err;
}

int set_value(struct draft *draft, const struct problem *problem, bool *edited)
{
	const char *start = strchr(problem->message, '\''),
		   *end = start ? strchr(start + 1, '\'') : NULL;
	char *name, *original = NULL, *text = NULL;
	int err;

	if (!draft_has(draft, problem->file) || fnmatch("*.c", problem->file, 0) || !end)
		return draft_no(draft, problem, "%s: it isn't in a .c file of the diff",
				problem->message);
	name = strndup(start + 1, end - start - 1);
	err = name ? draft_read_original(draft, problem->file, &original)
		   : diag_oom(draft->build->diag);
	err = err ?: draft_read(draft, problem->file, &text);
	err = err ?: write_callbacks(draft, problem, name, original, text, edited);
	free(text);
	free(original);
	free(name);
	return err;
}
