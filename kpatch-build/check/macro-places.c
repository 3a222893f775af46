// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preprocessing a unit twice takes longer than reading the few files that the
 * diffs change. Most fixes change no preprocessor line and no enumeration, so
 * no macro can have got another value.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/c-token.h"
#include "kpatch-build/check/constant-expression.h"
#include "lib/files.h"
#include "kpatch-build/check/macro-places.h"
#include "kpatch-build/check/macro-set.h"
#include "kpatch-build/units/oot.h"
#include "lib/paths.h"
#include "kpatch-build/source/c-comments.h"
#include "kpatch-build/source/source-files.h"
#include "lib/text.h"

static const char *end_of_line(const char *at)
{
	at += strcspn(at, "\n");
	while (*at && at[-1] == '\\')
		at += 1 + strcspn(at + 1, "\n");
	return at;
}

static bool is_enum(const char *text, const char *at)
{
	return str_starts(at, "enum") && !c_is_name_char(at[4]) &&
	       (at == text || !c_is_name_char(at[-1]));
}

/* Copy everything but blanks; blanks between names count as one. */
static char *copy_tokens(char *to, const char *at, const char *end)
{
	for (const char *begin = at; at < end; at++) {
		bool blank = isspace((unsigned char)*at) || *at == '\\';

		if (!blank)
			*to++ = *at;
		else if (at > begin && !isspace((unsigned char)to[-1]))
			*to++ = ' ';
	}
	*to++ = '\n';
	return to;
}

/* Keep only the preprocessor lines and the lists of enumerators of @text. */
static void keep_definitions(char *text)
{
	char *to = text, *copy = text;
	bool at_start = true;

	blank_comments(text);
	for (const char *at = text, *end; *at; at = end) {
		end = at + 1;
		if (at_start && *at == '#') {
			end = end_of_line(at);
			to = copy_tokens(to, at, end);
		} else if (is_enum(copy, at) && at[strcspn(at, "{;()")] == '{') {
			end = at + strcspn(at, "}");
			to = copy_tokens(to, at, end);
		}
		at_start = end[-1] == '\n' || (at_start && isspace((unsigned char)end[-1]));
	}
	*to = '\0';
}

int definitions_differ(const struct trees *trees, struct diag *diag, const char *path, bool *differ)
{
	char *paths[2] = { path_join(trees->original, path, NULL),
			   path_join(trees->shadow, path, NULL) };
	char *texts[2] = { NULL, NULL };
	size_t size;
	int err = paths[0] && paths[1] ? 0 : diag_oom(diag);

	for (size_t i = 0; i < 2 && !err; i++) {
		err = read_file(paths[i], &texts[i], &size);
		if (err)
			diag_errno(diag, -err, paths[i], "read");
		else
			keep_definitions(texts[i]);
	}
	if (!err)
		*differ = strcmp(texts[0], texts[1]);
	for (size_t i = 0; i < 2; i++) {
		free(paths[i]);
		free(texts[i]);
	}
	return err;
}

/* Called for each file that the unit read; true: stop. */
typedef bool (*file_fn)(const char *path, void *arg);

/* Call @use for the files of the patched tree that the compiler read, by the list that it wrote. */
static int for_each_read(const struct trees *trees, const struct unit *unit, file_fn use, void *arg,
			 struct diag *diag)
{
	char *path = path_join(unit->dir, "patched.d", NULL), *text = NULL, *rest, *file;
	size_t size, root = strlen(trees->numbered);
	bool done = false;
	int err = path ? read_file(path, &text, &size) : -ENOMEM;

	if (err)
		diag_errno(diag, -err, path ?: unit->dir, "read");
	for (rest = text; !err && !done && (file = strsep(&rest, " \\\n"));) {
		char *plain = *file ? path_without_dots(file) : NULL;

		if (*file && !plain)
			err = diag_oom(diag);
		else if (*file && !strncmp(plain, trees->numbered, root) && plain[root] == '/')
			done = use(plain + root + 1, arg);
		free(plain);
	}
	free(text);
	free(path);
	return err;
}

static bool is_marked(const struct series *series, const char *path, void *arg)
{
	const bool *marked = arg;

	for (size_t i = 0; i < series->n_changes; i++)
		if (marked[i] && !strcmp(series->changes[i].path, path))
			return true;
	return false;
}

struct reads {
	const struct series *series;
	const bool *marked;
	bool any;
};

static bool note_marked(const char *path, void *arg)
{
	struct reads *reads = arg;

	return reads->any = is_marked(reads->series, path, (void *)reads->marked);
}

int unit_reads_any(const struct series *series, const struct trees *trees, const struct unit *unit,
		   const bool *marked, bool *reads, struct diag *diag)
{
	struct reads found = { .series = series, .marked = marked };
	int err = for_each_read(trees, unit, note_marked, &found, diag);

	if (!err)
		*reads = found.any;
	return err;
}

struct search {
	const struct series *series;
	struct trees *trees;
	const struct macro *macro;
	char *file;
	unsigned int line;
	bool exact;
};

static bool take_word(const char **at, const char *word)
{
	size_t n = strlen(word);

	*at += strspn(*at, " \t");
	if (strncmp(*at, word, n) || (c_is_name_char(word[n - 1]) && c_is_name_char((*at)[n])))
		return false;
	*at += n;
	return true;
}

/*
 * Does the line have the body, or as much of it as there is before a comment or the end of the
 * line?
 */
static bool has_body(const char *line, const char *body)
{
	size_t size = strcspn(line, "\\\n");
	const char *comment = memmem(line, size, "/*", 2) ?: memmem(line, size, "//", 2);
	const char *end = comment ?: line + size, *body_end = body + strlen(body);

	for (;;) {
		size_t n, m;
		const char *x = c_token(&line, end, &n), *y = c_token(&body, body_end, &m);

		if (!x)
			return true;
		if (!y || n != m || memcmp(x, y, n))
			return false;
	}
}

/* A macro may have several definitions, under conditions: look for the one with this body. */
static bool look_for(const char *path, void *arg)
{
	struct search *search = arg;
	const struct source_file *file = source_file_get(search->series, search->trees, path);

	for (size_t i = 0; file && i < file->n && !search->exact; i++) {
		const char *at = file->lines[i];

		if (!take_word(&at, "#") || !take_word(&at, "define") ||
		    !take_word(&at, search->macro->name))
			continue;
		search->exact = has_body(at, search->macro->body);
		if (search->file && !search->exact)
			continue;
		free(search->file);
		search->file = strdup(path);
		search->line = i + 1;
	}
	return search->exact;
}

char *macro_place(const struct series *series, struct trees *trees, const struct unit *unit,
		  const struct macro *macro, unsigned int *line, struct diag *diag)
{
	struct search search = { .series = series, .trees = trees, .macro = macro };

	for (size_t i = 0; i < series->n_changes && !search.exact; i++)
		if (!series->changes[i].ignored)
			look_for(series->changes[i].path, &search);
	if (!search.file)
		for_each_read(trees, unit, look_for, &search, diag);
	*line = search.line;
	return search.file;
}
