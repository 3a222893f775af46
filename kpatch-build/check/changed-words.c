// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A static inline function that is no longer used leaves no trace in an object
 * file: to create-diff-object it looks as if it had been renamed, if another
 * one is used in its place. The source tells the two apart. So
 * create-diff-object gets the words that all changed files together no longer
 * have, and those that they newly have.
 *
 * A function may use one variable at several places, of which the compiler makes
 * one reference. That the patch uses another variable at one of them can't be
 * seen either. So create-diff-object also gets the words that some hunk has
 * fewer of.
 *
 * Words in comments and strings count as well: a word that is left there makes
 * the rename doubtful, and create-diff-object assumes a rename only if there is
 * no doubt.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/changed-words.h"
#include "kpatch-build/source/hunks.h"
#include "lib/files.h"
#include "lib/text.h"

struct word {
	const char *start; /* in one of the texts */
	size_t length;
};

/* The words of all texts of one side. */
struct word_list {
	char **texts;
	size_t n_texts;
	struct word *words;
	size_t n, cap;
};

static int compare(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	size_t length = x->length < y->length ? x->length : y->length;

	return memcmp(x->start, y->start, length)
		       ?: (x->length > y->length) - (x->length < y->length);
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int add_word(struct word_list *list, const char *start, size_t length)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 4096;
		struct word *words = reallocarray(list->words, cap, sizeof(*words));

		if (!words)
			return -ENOMEM;
		list->words = words;
		list->cap = cap;
	}
	list->words[list->n++] = (struct word){ start, length };
	return 0;
}

static int add_words(struct word_list *list, const char *text, const char *end)
{
	const char *at = text;
	int err = 0;

	while (at < end && !err) {
		size_t length = 0;

		while (at + length < end && is_part_of_word(at[length]))
			length++;
		if (length && !isdigit((unsigned char)*at))
			err = add_word(list, at, length);
		at += length ?: 1;
	}
	return err;
}

/* A file that exists only on the other side has no words here. */
static int add_file(struct word_list *list, const char *root, const char *path)
{
	char **texts = reallocarray(list->texts, list->n_texts + 1, sizeof(*texts));
	char *full = path_join(root, path, NULL), *text = NULL;
	size_t size;
	int err = texts && full ? 0 : -ENOMEM;

	if (texts)
		list->texts = texts;
	if (!err && path_exists(full))
		err = read_file(full, &text, &size);
	free(full);
	if (err || !text)
		return err;
	list->texts[list->n_texts++] = text;
	return add_words(list, text, text + size);
}

static int collect(const struct series *series, struct word_list *list, const char *root)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && !err; i++)
		err = add_file(list, root, series->changes[i].path);
	if (list->n)
		qsort(list->words, list->n, sizeof(*list->words), compare);
	return err;
}

static void free_list(struct word_list *list)
{
	for (size_t i = 0; i < list->n_texts; i++)
		free(list->texts[i]);
	free(list->texts);
	free(list->words);
}

/* Write each word that @list has and @other lacks, once. */
static void write_missing(FILE *out, char sign, const struct word_list *list,
			  const struct word_list *other)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct word *word = &list->words[i];

		if ((i && !compare(word, word - 1)) ||
		    (other->n && bsearch(word, other->words, other->n, sizeof(*word), compare)))
			continue;
		fprintf(out, "%c%.*s\n", sign, (int)word->length, word->start);
	}
}

static const char *line_at(const char *text, const char *end, unsigned int line)
{
	while (--line && text < end) {
		const char *newline = memchr(text, '\n', end - text);

		text = newline ? newline + 1 : end;
	}
	return text;
}

/* Collect the words of @n lines from line @first of @text on. */
static int collect_lines(struct word_list *list, const char *text, size_t size, unsigned int first,
			 unsigned int n)
{
	const char *end = text + size, *from, *to;
	int err;

	list->n = 0;
	if (!n)
		return 0;
	from = line_at(text, end, first);
	to = line_at(from, end, n + 1);
	err = add_words(list, from, to);
	if (list->n)
		qsort(list->words, list->n, sizeof(*list->words), compare);
	return err;
}

/* Write each word that occurs more often in @before than in @after; both are sorted. */
static void write_fewer(FILE *out, const struct word_list *before, const struct word_list *after)
{
	size_t i, k = 0, n, m;

	for (i = 0; i < before->n; i += n) {
		const struct word *word = &before->words[i];

		for (n = 1; i + n < before->n && !compare(word, word + n);)
			n++;
		while (k < after->n && compare(&after->words[k], word) < 0)
			k++;
		for (m = 0; k + m < after->n && !compare(word, &after->words[k + m]);)
			m++;
		if (m < n)
			fprintf(out, "<%.*s\n", (int)word->length, word->start);
	}
}

static int write_fewer_in_hunks(FILE *out, const char *original, const char *patched)
{
	struct word_list before = { 0 }, after = { 0 };
	char *was = NULL, *is = NULL;
	struct hunk *hunks = NULL;
	size_t n = 0, n_was, n_is;
	int err = read_file(original, &was, &n_was);

	err = err ?: read_file(patched, &is, &n_is);
	err = err ?: hunks_between(original, patched, &hunks, &n);
	for (size_t i = 0; i < n && !err; i++) {
		err = collect_lines(&before, was, n_was, hunks[i].old, hunks[i].n_old);
		err = err ?: collect_lines(&after, is, n_is, hunks[i].new, hunks[i].n_new);
		if (!err)
			write_fewer(out, &before, &after);
	}
	free(hunks);
	free(was);
	free(is);
	free_list(&before);
	free_list(&after);
	return err;
}

/* A file of one side only has no hunks: its words are missing, or new. */
static int write_all_fewer(FILE *out, const struct series *series, const struct trees *trees)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && !err; i++) {
		char *original = path_join(trees->original, series->changes[i].path, NULL);
		char *patched = path_join(trees->shadow, series->changes[i].path, NULL);

		if (!original || !patched)
			err = -ENOMEM;
		else if (path_exists(original) && path_exists(patched))
			err = write_fewer_in_hunks(out, original, patched);
		free(original);
		free(patched);
	}
	return err;
}

int write_changed_words(const struct job *job, const struct series *series, struct trees *trees)
{
	struct word_list original = { 0 }, patched = { 0 };
	FILE *out = NULL;
	int err;

	if (trees->words_file) /* units may be compared again, with others */
		return 0;
	trees->words_file = path_join(job->work, "words", NULL);
	err = trees->words_file ? 0 : -ENOMEM;
	err = err ?: collect(series, &original, trees->original);
	err = err ?: collect(series, &patched, trees->shadow);
	if (err == -ENOMEM)
		err = diag_oom(job->diag);
	else if (err)
		err = diag_errno(job->diag, -err, "the changed files", "read");
	else if (!(out = fopen(trees->words_file, "we")))
		err = diag_errno(job->diag, errno, trees->words_file, "write");
	if (out) {
		write_missing(out, '-', &original, &patched);
		write_missing(out, '+', &patched, &original);
		err = write_all_fewer(out, series, trees);
		if (err)
			diag_errno(job->diag, -err, "the changed files", "read");
		if ((ferror(out) | fclose(out)) && !err)
			err = diag_errno(job->diag, EIO, trees->words_file, "write");
	}
	free_list(&original);
	free_list(&patched);
	return err;
}
