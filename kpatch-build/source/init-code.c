// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A change of init code can be left out of a livepatch, as it has run, and a change of
 * code that runs later can't: the fix would be gone. The author of the diff names
 * functions, and helpers of init functions have no mark of their own.
 *
 * So a function counts as init code if it is marked, or registered as such, or if it
 * is static and all that mentions it in its file is init code. Whatever else mentions
 * it (a table, another function) may let it run later.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"
#include "kpatch-build/source/init-code.h"

#define DEPTH_MAX 8

/* __net_init and the like are missing: they run again for each namespace. */
static const char *const marks[] = { "__init", "__exit" };

static const char *const registrations[] = {
	"module_init",		"module_exit",
	"early_initcall",	"pure_initcall",
	"core_initcall",	"core_initcall_sync",
	"postcore_initcall",	"postcore_initcall_sync",
	"arch_initcall",	"arch_initcall_sync",
	"subsys_initcall",	"subsys_initcall_sync",
	"fs_initcall",		"fs_initcall_sync",
	"rootfs_initcall",	"device_initcall",
	"device_initcall_sync", "late_initcall",
	"late_initcall_sync",	"console_initcall",
};

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool head_has(const struct c_functions *functions, const struct c_function *function,
		     const char *word)
{
	char *head = strndup(functions->blank + function->start, function->body - function->start);
	bool has = head && text_has_word(head, word);

	free(head);
	return has;
}

/* Is the name at @at the argument of one of the registrations? */
static bool is_registered(const char *text, const char *at)
{
	const char *end = at;

	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	if (end == text || end[-1] != '(')
		return false;
	end--;
	for (size_t i = 0; i < ARRAY_SIZE(registrations); i++) {
		size_t n = strlen(registrations[i]);

		if ((size_t)(end - text) >= n && !strncmp(end - n, registrations[i], n) &&
		    ((size_t)(end - text) == n || !is_name_char(end[-n - 1])))
			return true;
	}
	return false;
}

/* "static void f(int);" at file scope says nothing. */
static bool is_declaration(const char *at, size_t n)
{
	const char *next = at + n;

	while (isspace((unsigned char)*next))
		next++;
	if (*next != '(')
		return false;
	next = strpbrk(next, ";{");
	return next && *next == ';';
}

static bool is_init(const struct c_functions *functions, const struct c_function *function,
		    int depth);

/* What does the mention of @function at @at say? */
enum mention { SAYS_NOTHING, SAYS_INIT, SAYS_LATER };

static enum mention read_mention(const struct c_functions *functions,
				 const struct c_function *function, const char *at, int depth)
{
	const struct c_function *in = c_function_at(functions, at - functions->blank);

	if (in == function)
		return SAYS_NOTHING;
	if (in)
		return is_init(functions, in, depth + 1) ? SAYS_INIT : SAYS_LATER;
	if (is_registered(functions->blank, at))
		return SAYS_INIT;
	return is_declaration(at, strlen(function->name)) ? SAYS_NOTHING : SAYS_LATER;
}

static bool is_init(const struct c_functions *functions, const struct c_function *function,
		    int depth)
{
	const char *text = functions->blank, *name = function->name;
	bool marked = false, init = false, later = false, is_static;
	size_t n = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		marked |= head_has(functions, function, marks[i]);
	if (marked || depth > DEPTH_MAX || function->unsure)
		return marked;
	if (text_has_word(functions->directives, name))
		return false; /* a macro may bring it anywhere */
	is_static = head_has(functions, function, "static");
	for (const char *at = text; (at = strstr(at, name)) && !later; at += n) {
		enum mention says;

		if ((at > text && is_name_char(at[-1])) || is_name_char(at[n]))
			continue;
		says = read_mention(functions, function, at, depth);
		init |= says == SAYS_INIT;
		later = says == SAYS_LATER;
	}
	return init && !later && is_static;
}

bool is_init_code(const struct c_functions *functions, const struct c_function *function)
{
	return is_init(functions, function, 0);
}
