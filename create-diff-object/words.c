// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the list of words that words.h describes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "create-diff-object/words.h"

struct words {
	char *text; /* lines, each with a '\0' at its end */
	char **lines; /* sorted */
	size_t n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void words_free(struct words *words)
{
	if (!words)
		return;
	free(words->text);
	free(words->lines);
	free(words);
}

static int split(struct words *words, size_t size)
{
	size_t lines = 1, i;
	char *at, *end;

	for (i = 0; i < size; i++)
		lines += words->text[i] == '\n';
	words->lines = calloc(lines, sizeof(*words->lines));
	if (!words->lines)
		return -ENOMEM;
	for (at = words->text; at < words->text + size; at = end + 1) {
		end = memchr(at, '\n', words->text + size - at) ?: words->text + size;
		*end = '\0'; /* read_file() has added one after the last byte */
		if (end > at)
			words->lines[words->n++] = at;
	}
	qsort(words->lines, words->n, sizeof(*words->lines), by_text);
	return 0;
}

int words_read(const char *path, struct words **out, struct diag *diag)
{
	struct words *words = calloc(1, sizeof(*words));
	size_t size;
	int err = words ? read_file(path, &words->text, &size) : -ENOMEM;

	if (err && err != -ENOMEM)
		err = diag_errno(diag, -err, path, "read");
	else if (err || split(words, size))
		err = diag_oom(diag);
	if (err) {
		words_free(words);
		return err;
	}
	*out = words;
	return 0;
}

static bool has_line(const struct words *words, char sign, const char *word)
{
	size_t low = 0, high = words->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *line = words->lines[middle];
		int order = line[0] != sign ? (unsigned char)line[0] - (unsigned char)sign
					    : strcmp(line + 1, word);

		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool words_renamed(const struct words *words, const char *old, const char *new)
{
	return words && has_line(words, '-', old) && has_line(words, '+', new);
}

bool words_fewer(const struct words *words, const char *word)
{
	return words && has_line(words, '<', word);
}
