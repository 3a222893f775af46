// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A static inline function that is no longer used leaves no trace in an object
 * file: to create-diff-object it looks as if it had been renamed, if another
 * one is used in its place. The source tells the two apart. So
 * create-diff-object gets the words that all changed files together no longer
 * have, and those that they newly have.
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

static int add_words(struct word_list *list, const char *text)
{
	const char *at = text;
	int err = 0;

	while (*at && !err) {
		size_t length = 0;

		while (is_part_of_word(at[length]))
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
	return add_words(list, text);
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
		if (ferror(out) | fclose(out))
			err = diag_errno(job->diag, EIO, trees->words_file, "write");
	}
	free_list(&original);
	free_list(&patched);
	return err;
}
