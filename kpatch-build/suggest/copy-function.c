// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The form for a new function of one module that another module calls: a livepatch
 * adds no exports, so the caller's file gets a copy, static and under a name of its
 * own, together with the static functions of its file that it calls.
 *
 * A copy of code is as good as the original only if both refer to the same things. What
 * a header declares is the same in both files, and the build refuses what the caller's
 * module can't reach. What the function's own file defines (a static variable, a macro,
 * a type) is not, even if the caller's file has something of the same name: then there
 * is no copy.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/c-functions.h"
#include "kpatch-build/source/c-words.h"
#include "kpatch-build/suggest/copy-function.h"
#include "lib/text.h"

#define PREFIX "klp_"
#define FUNCTIONS_MAX 8

/* The file that defines the function, and what of it is copied, callees first. */
struct origin {
	const char *path;
	char *text;
	struct c_functions functions;
	const struct c_function *copied[FUNCTIONS_MAX];
	size_t n;
	/* the file that gets the copies */
	const char *user_text;
	const struct c_functions *user;
	const char *obstacle; /* why it can't be copied; NULL: nothing */
	char *name; /* of the obstacle */
};

/* The word between the quotes of a message: the symbol that isn't found. */
static char *quoted_word(const char *message)
{
	const char *start = strchr(message, '\''), *end = start ? strchr(start + 1, '\'') : NULL;

	return end ? strndup(start + 1, end - start - 1) : NULL;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Is there a directive "#define @name" in @text? */
static bool defines_macro(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = text; (at = strstr(at, "define")); at += 6) {
		const char *word = at + 6 + strspn(at + 6, " \t"), *before = at;

		while (before > text && (before[-1] == ' ' || before[-1] == '\t'))
			before--;
		if (before > text && before[-1] == '#' && word > at + 6 &&
		    !strncmp(word, name, n) && !is_name_char(word[n]))
			return true;
	}
	return false;
}

/* Does a file itself declare @name at file scope, other than as one of its functions? */
static bool declares(const char *text, const struct c_functions *functions, const char *name)
{
	const char *blank = functions->blank;
	size_t n = strlen(name);

	if (defines_macro(text, name))
		return true;
	for (const char *at = blank; (at = strstr(at, name)); at += n)
		if ((at == blank || !is_name_char(at[-1])) && !is_name_char(at[n]) &&
		    !c_function_at(functions, at - blank))
			return true;
	return false;
}

/* Would @name, or the copy of that name, be something else in the file that gets the copies? */
static bool means_other(const struct origin *origin, const char *name, bool is_copied)
{
	char *copy = format(PREFIX "%s", name);
	bool other;

	if (is_copied)
		other = !copy || text_has_word(origin->user->blank, copy);
	else
		other = c_function_count(origin->user, name) ||
			declares(origin->user_text, origin->user, name);
	free(copy);
	return other;
}

static int stop(struct origin *origin, const char *why, const char *name)
{
	origin->obstacle = why;
	free(origin->name);
	origin->name = strdup(name);
	return origin->name ? 0 : -ENOMEM;
}

static bool is_static(const struct origin *origin, const struct c_function *function)
{
	char *head = strndup(origin->functions.blank + function->start,
			     function->body - function->start);
	bool is = head && text_has_word(head, "static");

	free(head);
	return is;
}

static int take(struct origin *origin, const struct c_function *function);

/* What the function @function names, in its own file: a static function comes along. */
static int take_name(struct origin *origin, const struct c_function *function, const char *name)
{
	const struct c_function *callee = c_function_called(&origin->functions, function, name);

	if (!strcmp(name, function->name))
		return 0;
	if (callee && is_static(origin, callee))
		return take(origin, callee);
	if (means_other(origin, name, false))
		return stop(origin, "the other file has its own", name);
	if (c_function_count(&origin->functions, name) && !callee)
		return stop(origin, "its file defines more than once", name);
	if (!callee && declares(origin->text, &origin->functions, name))
		return stop(origin, "it names what only its own file defines", name);
	return 0;
}

static int take(struct origin *origin, const struct c_function *function)
{
	const char *blank = origin->functions.blank;
	const char *start = blank + function->start, *end = blank + function->end;
	struct strvec locals = { 0 };
	struct c_words words = { 0 };
	char *body;
	int err = 0;

	for (size_t i = 0; i < origin->n; i++)
		if (origin->copied[i] == function)
			return 0;
	body = strndup(blank + function->body, function->end - function->body);
	if (!body)
		return -ENOMEM;
	if (means_other(origin, function->name, true))
		err = stop(origin, "there is a copy already", function->name);
	else if (text_has_word(body, "static"))
		err = stop(origin, "it has a static variable", function->name);
	free(body);
	err = err ?: c_locals_add(&locals, start, end);
	err = err ?: c_words_add(&words, start, end, &locals);
	for (size_t i = 0; i < words.all.n && !err && !origin->obstacle; i++)
		err = take_name(origin, function, words.all.list[i]);
	if (!err && !origin->obstacle && origin->n == FUNCTIONS_MAX)
		err = stop(origin, "it needs too many other functions", function->name);
	if (!err && !origin->obstacle)
		origin->copied[origin->n++] = function;
	c_words_free(&words);
	strvec_free(&locals);
	return err;
}

/* The file of the diff that defines @name, and what has to be copied from it. */
static int find_origin(struct draft *draft, const char *name, const char *user,
		       struct origin *origin)
{
	int err = 0;

	for (size_t i = 0; i < draft->files.n && !err; i++) {
		const struct c_function *function;
		const char *path = draft->files.list[i];

		if (fnmatch("*.c", path, 0) || !strcmp(path, user))
			continue;
		err = draft_read(draft, path, &origin->text);
		if (!err && c_functions_read(origin->text, &origin->functions))
			err = diag_oom(draft->build->diag);
		function = err ? NULL : c_function_find(&origin->functions, name);
		if (function) {
			origin->path = path;
			err = take(origin, function);
			return err ? diag_oom(draft->build->diag) : 0;
		}
		c_functions_free(&origin->functions);
		free(origin->text);
		origin->text = NULL;
	}
	return err;
}

/* Put PREFIX before each mention of @name. Caller frees; NULL: no memory. */
static char *rename_word(const char *text, const char *name)
{
	size_t n = strlen(name), size = 0;
	char *all = NULL;
	FILE *out = open_memstream(&all, &size);
	const char *from = text;

	if (!out)
		return NULL;
	for (const char *at = text; (at = strstr(at, name)); at += n) {
		if ((at > text && is_name_char(at[-1])) || is_name_char(at[n]))
			continue;
		fprintf(out, "%.*s" PREFIX "%s", (int)(at - from), from, name);
		from = at + n;
	}
	fputs(from, out);
	return fclose(out) ? NULL : all;
}

static int rename_in(char **text, const char *name)
{
	char *renamed = rename_word(*text, name);

	if (!renamed)
		return -ENOMEM;
	free(*text);
	*text = renamed;
	return 0;
}

/* The copies, callees first. */
static char *text_of_copies(const struct origin *origin)
{
	char *all = strdup("");
	int err = 0;

	for (size_t i = 0; i < origin->n && all; i++) {
		const struct c_function *function = origin->copied[i];
		char *one = format("%s/* A copy of %s() in %s, which this module can't call. */\n"
				   "%s%.*s\n",
				   all, function->name, origin->path,
				   is_static(origin, function) ? "" : "static ",
				   (int)(function->end - function->start),
				   origin->text + function->start);

		free(all);
		all = one;
	}
	for (size_t i = 0; i < origin->n && all && !err; i++) {
		err = rename_in(&all, origin->copied[i]->name);
		/* not in the comments above */
		if (!err) {
			char *of = format("A copy of " PREFIX "%s()", origin->copied[i]->name);
			char *is = format("A copy of %s()", origin->copied[i]->name);
			char *mended = of && is ? text_replace(all, of, is) : NULL;

			free(of);
			free(is);
			free(all);
			all = mended;
		}
	}
	if (err) {
		free(all);
		return NULL;
	}
	return all;
}

/* Before the function at @at, and before the comment that belongs to it. */
static size_t place_before(const char *text, size_t at)
{
	while (at >= 2 && !(text[at - 1] == '\n' && text[at - 2] == '\n'))
		at--;
	return at < 2 ? 0 : at;
}

static const struct c_function *first_user(const struct c_functions *functions, const char *name)
{
	for (size_t i = 0; i < functions->n; i++) {
		const struct c_function *function = &functions->list[i];
		char *text = strndup(functions->blank + function->start,
				     function->end - function->start);
		bool uses = text && text_has_word(text, name);

		free(text);
		if (uses)
			return function;
	}
	return NULL;
}

static int write_copies(struct draft *draft, const char *path, const struct origin *origin,
			const char *name, bool *written)
{
	const struct c_function *user = first_user(origin->user, name);
	const char *text = origin->user_text;
	char *head = NULL, *tail = NULL, *copies = NULL, *all = NULL;
	size_t at;
	int err = 0;

	if (user) {
		at = place_before(text, user->start);
		head = strndup(text, at);
		tail = rename_word(text + at, name);
		copies = text_of_copies(origin);
		all = head && tail && copies ? format("%s%s%s", head, copies, tail) : NULL;
		err = all ? draft_write(draft, path, all) : diag_oom(draft->build->diag);
		*written = !err;
	}
	free(all);
	free(copies);
	free(tail);
	free(head);
	return err;
}

static int answer_with_copy(struct draft *draft, const struct problem *problem, const char *name,
			    bool *edited)
{
	struct c_functions user = { 0 };
	struct origin origin = { .user = &user };
	char *text = NULL;
	int err = draft_read(draft, problem->file, &text);

	if (!err && c_functions_read(text, &user))
		err = diag_oom(draft->build->diag);
	origin.user_text = text;
	err = err ?: find_origin(draft, name, problem->file, &origin);

	if (!err && !origin.path)
		err = draft_no(draft, problem, "no other .c file of the diff defines %s()", name);
	else if (!err && origin.obstacle)
		err = draft_no(draft, problem, "%s() can't be copied from %s: %s (%s)", name,
			       origin.path, origin.obstacle, origin.name);
	else if (!err)
		err = write_copies(draft, problem->file, &origin, name, edited);
	if (!err && *edited)
		err = draft_note(
			draft, problem,
			"calls a copy of %s() of %s, with the %zu static function%s that it "
			"needs: a livepatch adds no exports. Do macros of the two files "
			"(pr_fmt and the like) make a difference?",
			name, origin.path, origin.n - 1, origin.n == 2 ? "" : "s");
	c_functions_free(&origin.functions);
	c_functions_free(&user);
	free(origin.text);
	free(origin.name);
	free(text);
	return err;
}

int copy_function(struct draft *draft, const struct problem *problem, bool *edited)
{
	char *name;
	int err;

	if (!draft_has(draft, problem->file) || fnmatch("*.c", problem->file, 0))
		return draft_no(draft, problem, "%s: the use isn't in a .c file of the diff",
				problem->message);
	name = quoted_word(problem->message);
	err = name ? answer_with_copy(draft, problem, name, edited) : diag_oom(draft->build->diag);
	free(name);
	return err;
}
