// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the patched source by lines. By the kernel's style a function ends with
 * a brace in the first column.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/source/hunks.h"
#include "kpatch-build/units/oot.h"
#include "kpatch-build/source/source-files.h"
#include "lib/text.h"

static void source_file_free(struct source_file *file)
{
	if (!file)
		return;
	free(file->path);
	free(file->text);
	free(file->lines);
	free(file->ranges);
	free(file);
}

static int split_lines(struct source_file *file, size_t size)
{
	size_t n = 0, cap = 1;
	char *at = file->text;

	for (size_t i = 0; i < size; i++)
		cap += file->text[i] == '\n';
	file->lines = calloc(cap, sizeof(*file->lines));
	if (!file->lines)
		return -ENOMEM;
	while (at < file->text + size && n < cap) {
		char *end = memchr(at, '\n', file->text + size - at) ?: file->text + size;

		*end = '\0';
		file->lines[n++] = at;
		at = end + 1;
	}
	file->n = n;
	return 0;
}

static int add_range(struct source_file *file, unsigned int first, unsigned int n)
{
	struct line_range *ranges;

	ranges = realloc(file->ranges, (file->n_ranges + 1) * sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	file->ranges = ranges;
	ranges[file->n_ranges++] = (struct line_range){ first, n };
	return 0;
}

static int find_ranges(const char *original_tree, struct source_file *file, const char *patched)
{
	char *original = path_join(original_tree, file->path, NULL);
	struct hunk *hunks = NULL;
	size_t n = 0;
	int err;

	if (!original)
		return -ENOMEM;
	if (!path_exists(original)) {
		free(original);
		return add_range(file, 1, file->n); /* all of it is new */
	}
	err = hunks_between(original, patched, &hunks, &n);
	for (size_t i = 0; i < n && !err; i++)
		err = add_range(file, hunks[i].new, hunks[i].n_new);
	free(hunks);
	free(original);
	return err;
}

static bool is_changed(const struct series *series, const char *path)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (!strcmp(series->changes[i].path, path))
			return true;
	return false;
}

static struct source_file *load(const struct series *series, const struct trees *trees,
				const char *path)
{
	struct source_file *file = calloc(1, sizeof(*file));
	char *patched = path_join(trees->shadow, path, NULL);
	size_t size;
	int err = file && patched && (file->path = strdup(path)) ? 0 : -ENOMEM;

	err = err ?: read_file(patched, &file->text, &size);
	err = err ?: split_lines(file, size);
	if (!err && is_changed(series, path))
		err = find_ranges(trees->original, file, patched);
	free(patched);
	if (err) {
		source_file_free(file);
		return NULL;
	}
	return file;
}

const struct source_file *source_file_get(const struct series *series, struct trees *trees,
					  const char *path)
{
	struct source_files *all = &trees->sources;
	struct source_file **files, *file;

	if (!trees->shadow || !path || *path == '/' || strstr(path, ".."))
		return NULL;
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->files[i]->path, path))
			return all->files[i];
	file = load(series, trees, path);
	files = file ? realloc(all->files, (all->n + 1) * sizeof(*files)) : NULL;
	if (!files) {
		source_file_free(file);
		return NULL;
	}
	all->files = files;
	return files[all->n++] = file;
}

void source_files_free(struct source_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		source_file_free(files->files[i]);
	free(files->files);
}

static int braces(const char *line)
{
	int n = 0;

	for (; *line; line++)
		n += (*line == '{') - (*line == '}');
	return n;
}

unsigned int source_function_end(const struct source_file *file, unsigned int line)
{
	for (size_t i = line; i >= 1 && i <= file->n; i++) {
		const char *text = file->lines[i - 1];

		if (*text == '}')
			return i;
		/* "{ }", or all of it on one line */
		if (strchr(text, '{') && !braces(text) && (*text == '{' || i == line))
			return i;
	}
	return line;
}

bool source_is_touched(const struct source_file *file, unsigned int first, unsigned int last)
{
	for (size_t i = 0; i < file->n_ranges; i++) {
		unsigned int from = file->ranges[i].first, n = file->ranges[i].n;

		if (n ? from <= last && from + n > first : from >= first && from < last)
			return true;
	}
	return false;
}

bool source_line_is_new(const struct source_file *file, unsigned int line)
{
	for (size_t i = 0; i < file->n_ranges; i++)
		if (line >= file->ranges[i].first &&
		    line < file->ranges[i].first + file->ranges[i].n)
			return true;
	return false;
}
