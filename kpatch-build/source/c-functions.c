// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * To cut a function out of a diff, or to copy one, its first and last line must
 * be known. The compiler's debug information has only the first one, and has no
 * function that was inlined everywhere or not compiled at all.
 *
 * So the text is read: a definition at file scope is a name, its parameters and
 * a block. The kernel's style helps against what a preprocessor can do to braces:
 * only the end of something at file scope is a brace in the first column. Where
 * that contradicts the braces that were counted, the function is marked as unsure,
 * and nobody may rely on its end.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/c-functions.h"

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Replace [@at, @end) by blanks; lines stay lines. */
static void blank_out(char *at, const char *end)
{
	for (; at < end; at++)
		if (*at != '\n')
			*at = ' ';
}

static char *end_of_comment(char *at)
{
	char *end = at[1] == '/' ? strchr(at, '\n') : strstr(at + 2, "*/");

	return !end ? at + strlen(at) : at[1] == '/' ? end : end + 2;
}

static char *end_of_string(char *at)
{
	char quote = *at++;

	while (*at && *at != quote && *at != '\n')
		at += *at == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

/* A directive ends with its line, unless that is continued, or ends within a comment. */
static char *end_of_directive(char *at)
{
	while (*at && *at != '\n')
		if (*at == '/' && at[1] == '*')
			at = end_of_comment(at);
		else
			at += *at == '\\' && at[1] ? 2 : 1;
	return at;
}

/* Where branches of #if and #else begin and end; ->branch is the innermost from ->at on. */
struct branch {
	size_t at, branch, outer; /* ->outer: index of the entry of the enclosing one */
};

struct branches {
	struct branch *list; /* list[0] is the file itself */
	size_t n;
	size_t current; /* index of the entry for the innermost that is open */
};

static int add_branch(struct branches *branches, struct branch branch)
{
	struct branch *list = reallocarray(branches->list, branches->n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	branches->list = list;
	list[branches->n++] = branch;
	return 0;
}

static int open_branch(struct branches *branches, size_t at)
{
	int err = add_branch(branches, (struct branch){ at, at, branches->current });

	branches->current = err ? branches->current : branches->n - 1;
	return err;
}

/* From @at on, the enclosing branch goes on. */
static int close_branch(struct branches *branches, size_t at)
{
	struct branch outer = branches->list[branches->list[branches->current].outer];

	outer.at = at;
	branches->current = branches->list[branches->current].outer;
	return add_branch(branches, outer);
}

static int follow_directive(struct branches *branches, const char *text, const char *at)
{
	const char *word = at + 1 + strspn(at + 1, " \t");
	int err = 0;

	if (!strncmp(word, "endif", 5) || !strncmp(word, "el", 2))
		err = close_branch(branches, at - text);
	if (!strncmp(word, "if", 2) || !strncmp(word, "el", 2))
		err = err ?: open_branch(branches, at - text);
	return err;
}

static size_t branch_at(const struct branches *branches, size_t at)
{
	size_t branch = 0;

	for (size_t i = 0; i < branches->n && branches->list[i].at <= at; i++)
		branch = branches->list[i].branch;
	return branch;
}

/* @directives is a copy of @text, of which only the directives stay. */
static int divide_text(char *text, char *directives, struct branches *branches)
{
	bool line_start = true;
	int err = add_branch(branches, (struct branch){ 0 });

	for (char *at = text, *end; *at && !err; at = end) {
		bool directive = *at == '#' && line_start;

		end = at + 1;
		if (*at == '/' && (at[1] == '*' || at[1] == '/'))
			end = end_of_comment(at);
		else if (*at == '"' || *at == '\'')
			end = end_of_string(at);
		else if (directive)
			end = end_of_directive(at);
		if (directive)
			err = follow_directive(branches, text, at);
		if (!directive)
			blank_out(directives + (at - text), directives + (end - text));
		if (end > at + 1 || directive)
			blank_out(at, end);
		line_start = *at == '\n' || (line_start && isspace((unsigned char)*at));
	}
	return err;
}

/*
 * The function's name in the head of a block: what is before the first parenthesis that follows a
 * type. "__printf(1, 2) static int f(…)" begins with one that doesn't. NULL: it is no function.
 */
static const char *name_in_head(const char *head, const char *end, size_t *n)
{
	const char *first = NULL;

	for (const char *at = head; at < end; at++) {
		const char *name = at, *before;

		if (*at == '=')
			return NULL;
		if (*at != '(')
			continue;
		while (name > head && isspace((unsigned char)name[-1]))
			name--;
		for (*n = 0; name > head && is_name_char(name[-1]); ++*n)
			name--;
		for (before = name; before > head && isspace((unsigned char)before[-1]);)
			before--;
		if (*n && before > head && (is_name_char(before[-1]) || before[-1] == '*')) {
			first = name;
			break;
		}
		for (int depth = 0; at < end; at++) {
			depth += (*at == '(') - (*at == ')');
			if (!depth)
				break;
		}
	}
	return first;
}

static int add_function(struct c_functions *functions, const struct c_function *function)
{
	struct c_function *list = reallocarray(functions->list, functions->n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	functions->list = list;
	list[functions->n++] = *function;
	return 0;
}

static size_t start_of_line(const char *text, size_t at)
{
	while (at && text[at - 1] != '\n')
		at--;
	return at;
}

/*
 * Where the block that begins at @open ends: after its '}'. If one of the two braces is alone in the
 * first column, so is the other.
 */
static size_t end_of_block(const char *blank, size_t open, bool *unsure)
{
	bool opens = open && blank[open - 1] == '\n';
	int depth = 0;
	size_t at = open;

	for (; blank[at]; at++) {
		bool closes = blank[at] == '}' && at && blank[at - 1] == '\n';

		depth += (blank[at] == '{') - (blank[at] == '}');
		if (closes || !depth) {
			*unsure = closes ? depth : opens;
			return at + 1;
		}
	}
	*unsure = true;
	return at;
}

static int take_block(struct c_functions *functions, const struct branches *branches, size_t head,
		      size_t open, size_t *end)
{
	const char *blank = functions->blank;
	struct c_function function = { .body = open };
	const char *name;
	size_t n;

	*end = end_of_block(blank, open, &function.unsure);
	name = name_in_head(blank + head, blank + open, &n);
	if (!name)
		return 0;
	function.start = start_of_line(blank, head);
	function.end = *end + (blank[*end] == '\n');
	function.branch = branch_at(branches, head);
	function.name = strndup(name, n);
	if (!function.name || add_function(functions, &function)) {
		free(function.name);
		return -ENOMEM;
	}
	return 0;
}

static int find_functions(struct c_functions *functions, const struct branches *branches)
{
	size_t head = 0, end;
	int err = 0;

	for (size_t at = 0; functions->blank[at] && !err; at++) {
		char c = functions->blank[at];

		if (c == '{') {
			err = take_block(functions, branches, head, at, &end);
			head = end;
			at = end - 1;
		} else if (c == ';' || c == '}') {
			head = at + 1;
		} else if (head == at && isspace((unsigned char)c)) {
			head++;
		}
	}
	return err;
}

int c_functions_read(const char *text, struct c_functions *functions)
{
	struct branches branches = { 0 };
	int err;

	memset(functions, 0, sizeof(*functions));
	functions->blank = strdup(text);
	functions->directives = strdup(text);
	err = functions->blank && functions->directives ? 0 : -ENOMEM;
	err = err ?: divide_text(functions->blank, functions->directives, &branches);
	err = err ?: find_functions(functions, &branches);
	free(branches.list);
	if (err)
		c_functions_free(functions);
	return err;
}

void c_functions_free(struct c_functions *functions)
{
	for (size_t i = 0; i < functions->n; i++)
		free(functions->list[i].name);
	free(functions->list);
	free(functions->blank);
	free(functions->directives);
	memset(functions, 0, sizeof(*functions));
}

size_t c_function_count(const struct c_functions *functions, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < functions->n; i++)
		n += !strcmp(functions->list[i].name, name);
	return n;
}

const struct c_function *c_function_find(const struct c_functions *functions, const char *name)
{
	const struct c_function *found = NULL;

	for (size_t i = 0; i < functions->n; i++)
		if (!strcmp(functions->list[i].name, name))
			found = &functions->list[i];
	return found && !found->unsure && c_function_count(functions, name) == 1 ? found : NULL;
}

const struct c_function *c_function_called(const struct c_functions *functions,
					   const struct c_function *from, const char *name)
{
	const struct c_function *found = NULL;
	size_t n = 0;

	if (c_function_count(functions, name) == 1)
		return c_function_find(functions, name);
	for (size_t i = 0; i < functions->n; i++) {
		const struct c_function *function = &functions->list[i];

		if (strcmp(function->name, name) || function->branch != from->branch)
			continue;
		found = function;
		n++;
	}
	return n == 1 && !found->unsure ? found : NULL;
}

const struct c_function *c_function_at(const struct c_functions *functions, size_t offset)
{
	for (size_t i = 0; i < functions->n; i++)
		if (offset >= functions->list[i].start && offset < functions->list[i].end)
			return &functions->list[i];
	return NULL;
}
