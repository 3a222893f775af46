// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A commit that changes an init function besides what runs later is refused, though
 * the rest would do: init code has run. --leave-out names such functions. They get
 * their original text back in the patched tree, before anything is compiled, so that
 * no later pass sees the change, and a rest that doesn't compile without it fails.
 *
 * A rest that compiles can still need it: the init function sets up a lock that the
 * rest takes. So nothing is left out that names a variable or a member which the
 * rest's changed lines name too, or anything that the rest introduces.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/source/c-functions.h"
#include "kpatch-build/source/c-words.h"
#include "kpatch-build/source/cut.h"
#include "kpatch-build/source/hunks.h"
#include "kpatch-build/source/init-code.h"
#include "lib/files.h"
#include "lib/text.h"

/* A changed file, before and after the diffs. */
struct version {
	char *path, *text;
	size_t size;
	struct c_functions functions;
};

struct two_versions {
	struct version old, new;
};

static int read_version(const char *tree, const char *path, struct version *version)
{
	int err;

	version->path = path_join(tree, path, NULL);
	err = version->path ? read_file(version->path, &version->text, &version->size) : -ENOMEM;
	return err ?: c_functions_read(version->text, &version->functions);
}

static void free_version(struct version *version)
{
	c_functions_free(&version->functions);
	free(version->text);
	free(version->path);
}

static int read_both(struct build *build, const char *path, struct two_versions *two)
{
	int err = read_version(build->original, path, &two->old);

	err = err ?: read_version(build->shadow, path, &two->new);
	return err ? diag_errno(build->diag, -err, path, "read") : 0;
}

static void free_both(struct two_versions *two)
{
	free_version(&two->old);
	free_version(&two->new);
}

static unsigned int line_at(const char *text, size_t offset)
{
	unsigned int line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static char *text_of(const char *text, const struct c_function *function)
{
	return function ? strndup(text + function->start, function->end - function->start)
			: strdup("");
}

static int note_cut(struct cuts *cuts, const char *path, const struct two_versions *two,
		    const struct c_function *was, const struct c_function *is)
{
	struct cut *list = reallocarray(cuts->list, cuts->n + 1, sizeof(*list)), *cut;

	if (!list)
		return -ENOMEM;
	cuts->list = list;
	cut = &list[cuts->n++];
	*cut = (struct cut){
		.path = strdup(path),
		.name = strdup(is->name),
		.line = line_at(two->new.text, is->body),
		.was = text_of(two->old.functions.blank, was),
		.is = text_of(two->new.functions.blank, is),
	};
	return cut->path && cut->name && cut->was && cut->is ? 0 : -ENOMEM;
}

/* Write the patched file again, with @text in the place of the function. */
static int write_instead(const struct version *version, const struct c_function *function,
			 const char *text)
{
	char *all = format("%.*s%s%s", (int)function->start, version->text, text,
			   version->text + function->end);
	int err = all ? write_file_atomic(version->path, all, strlen(all), 0644) : -ENOMEM;

	free(all);
	return err;
}

static int refuse_cut(struct build *build, const char *path, const char *name, const char *why)
{
	struct diag_place place = { .file = path, .function = name };

	return diag_error(build->diag, "KS368", &place, "'%s' %s", name, why);
}

static int cut_from(struct build *build, const char *path, const char *name,
		    const struct two_versions *two, struct cuts *cuts)
{
	const struct c_function *is = c_function_find(&two->new.functions, name);
	const struct c_function *was = c_function_find(&two->old.functions, name);
	size_t n_is = c_function_count(&two->new.functions, name);
	size_t n_was = c_function_count(&two->old.functions, name);
	char *before, *after;
	int err;

	if (!n_is && !n_was)
		return -ENOENT;
	if (!n_is)
		return refuse_cut(build, path, name, "is removed by the diffs");
	if (!is || (n_was && !was))
		return refuse_cut(build, path, name,
				  "is defined more than once, or its end can't be found");
	if (!is_init_code(&two->new.functions, is))
		return refuse_cut(build, path, name,
				  "may run later, not only in init or exit code");
	before = text_of(two->old.text, was);
	after = text_of(two->new.text, is);
	err = !before || !after ? -ENOMEM : strcmp(before, after) ? 0 : -ENOENT;
	err = err ?: note_cut(cuts, path, two, was, is);
	err = err ?: write_instead(&two->new, is, before);
	free(before);
	free(after);
	if (err && err != -ENOENT)
		diag_errno(build->diag, -err, path, "write");
	return err;
}

int cut_function(struct build *build, const char *path, const char *name, struct cuts *cuts)
{
	struct two_versions two = { 0 };
	int err = read_both(build, path, &two);

	err = err ?: cut_from(build, path, name, &two, cuts);
	free_both(&two);
	return err;
}

void cuts_free(struct cuts *cuts)
{
	for (size_t i = 0; i < cuts->n; i++) {
		free(cuts->list[i].path);
		free(cuts->list[i].name);
		free(cuts->list[i].was);
		free(cuts->list[i].is);
	}
	free(cuts->list);
	memset(cuts, 0, sizeof(*cuts));
}

static bool is_c_file(const struct change *change)
{
	return !change->ignored && !change->makefile && !change->added && !change->removed &&
	       !fnmatch("*.[ch]", change->path, 0);
}

static const char *line_start(const char *text, unsigned int line)
{
	while (--line && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

/* The names in lines @first to @first + @n - 1 of @version. */
static int add_lines(struct c_words *words, const struct version *version, unsigned int first,
		     unsigned int n)
{
	const char *blank = version->functions.blank;

	for (unsigned int i = 0; i < n; i++) {
		const char *line = line_start(blank, first + i), *end = strchr(line, '\n');
		const struct c_function *in = c_function_at(&version->functions, line - blank);
		struct strvec locals = { 0 };
		int err = in ? c_locals_add(&locals, blank + in->start, blank + in->end) : 0;

		err = err ?: c_words_add(words, line, end ?: line + strlen(line), &locals);
		strvec_free(&locals);
		if (err)
			return err;
	}
	return 0;
}

/* What is left of the diffs: the names in its changed lines, and those that it introduces. */
struct rest {
	struct c_words words;
	struct strvec added; /* in added lines, and not in the file before */
};

static int add_file_to_rest(struct build *build, const char *path, struct rest *rest)
{
	struct two_versions two = { 0 };
	struct c_words added = { 0 };
	struct hunk *hunks = NULL;
	size_t n = 0;
	int err = read_both(build, path, &two);

	if (!err && (err = hunks_between(two.old.path, two.new.path, &hunks, &n)))
		diag_errno(build->diag, -err, path, "compare");
	for (size_t i = 0; i < n && !err; i++) {
		err = add_lines(&rest->words, &two.old, hunks[i].old, hunks[i].n_old);
		err = err ?: add_lines(&added, &two.new, hunks[i].new, hunks[i].n_new);
		err = err ?: add_lines(&rest->words, &two.new, hunks[i].new, hunks[i].n_new);
	}
	for (size_t i = 0; i < added.all.n && !err; i++)
		if (!text_has_word(two.old.functions.blank, added.all.list[i]))
			err = strvec_add(&rest->added, added.all.list[i]);
	free(hunks);
	c_words_free(&added);
	free_both(&two);
	return err;
}

/* The names in the lines of @text that @other doesn't have. */
static int add_own_lines(struct c_words *words, const char *text, const char *other,
			 const struct strvec *locals)
{
	int err = 0;

	for (const char *at = text; *at && !err;) {
		const char *end = at + strcspn(at, "\n");
		char *line = strndup(at, end - at);
		const char *code = line ? line + strspn(line, " \t") : NULL;

		err = !line ? -ENOMEM : *code && !strstr(other, code) ? 1 : 0;
		if (err > 0)
			err = c_words_add(words, at, end, locals);
		free(line);
		at = end + (*end == '\n');
	}
	return err;
}

static int words_of_cut(const struct cut *cut, struct c_words *words)
{
	struct strvec locals = { 0 };
	int err = c_locals_add(&locals, cut->was, cut->was + strlen(cut->was));

	err = err ?: c_locals_add(&locals, cut->is, cut->is + strlen(cut->is));
	err = err ?: add_own_lines(words, cut->is, cut->was, &locals);
	err = err ?: add_own_lines(words, cut->was, cut->is, &locals);
	strvec_free(&locals);
	return err;
}

static int check_cut(struct build *build, const struct cut *cut, const struct rest *rest)
{
	struct diag_place place = { cut->path, cut->line, cut->name };
	struct c_words words = { 0 };
	const char *shared = NULL;
	int err = words_of_cut(cut, &words);

	for (size_t i = 0; i < words.state.n && !shared; i++)
		if (strvec_has(&rest->words.state, words.state.list[i]))
			shared = words.state.list[i];
	for (size_t i = 0; i < words.all.n && !shared; i++)
		if (strvec_has(&rest->added, words.all.list[i]))
			shared = words.all.list[i];
	if (err)
		diag_oom(build->diag);
	else if (shared || strvec_has(&rest->words.all, cut->name))
		err = diag_error(build->diag, "KS369", &place,
				 "'%s': both it and the rest have '%s'", cut->name,
				 shared ?: cut->name);
	c_words_free(&words);
	return err;
}

int check_cuts(struct build *build, const struct cuts *cuts)
{
	struct rest rest = { 0 };
	int err = 0, one;

	for (size_t i = 0; i < build->n_changes && cuts->n && !err; i++)
		if (is_c_file(&build->changes[i]))
			err = add_file_to_rest(build, build->changes[i].path, &rest);
	for (size_t i = 0; i < cuts->n && err != -ENOMEM; i++) {
		one = check_cut(build, &cuts->list[i], &rest);
		err = err ?: one;
	}
	c_words_free(&rest.words);
	strvec_free(&rest.added);
	return err;
}
