// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and writes the index of units; unit-index.h says why it exists. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/index/unit-index.h"

/* An include chain of .c files deeper than this is a loop. */
#define DEPTH_MAX 8

#define MAGIC "klp-split index 4 "

bool unit_is_assembly(const char *source)
{
	size_t n = strlen(source);

	return n > 2 && !strcmp(source + n - 2, ".S");
}

int unit_index_add(struct unit_index_text *text, char *line)
{
	if (!line)
		return -ENOMEM;
	if (text->n == text->cap) {
		size_t cap = text->cap ? 2 * text->cap : 1024;
		char **lines = realloc(text->lines, cap * sizeof(*lines));

		if (!lines) {
			free(line);
			return -ENOMEM;
		}
		text->lines = lines;
		text->cap = cap;
	}
	text->lines[text->n++] = line;
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Frees the lines in any case. */
int unit_index_write(struct unit_index_text *text, const char *path, const char *id,
		     struct diag *diag)
{
	size_t size, i;
	char *data;
	FILE *out;
	int err;

	if (text->n)
		qsort(text->lines, text->n, sizeof(*text->lines), compare_lines);
	out = open_memstream(&data, &size);
	if (out)
		fprintf(out, MAGIC "%s\n", id);
	for (i = 0; i < text->n; i++) {
		if (out && (!i || strcmp(text->lines[i], text->lines[i - 1])))
			fprintf(out, "%s\n", text->lines[i]);
	}
	for (i = 0; i < text->n; i++)
		free(text->lines[i]);
	free(text->lines);
	memset(text, 0, sizeof(*text));
	if (!out || fclose(out))
		return diag_oom(diag);
	err = write_file_atomic(path, data, size, 0644);
	free(data);
	return err ? diag_errno(diag, -err, path, "write") : 0;
}

/* Split a line in place; returns the number of its fields, at most @max. */
static size_t split(char *line, char **fields, size_t max)
{
	size_t n = 0;

	while (line && n < max) {
		fields[n++] = line;
		line = strchr(line, '\t');
		if (line)
			*line++ = '\0';
	}
	return n;
}

/* The lines are sorted, but those of assembly are separate. */
static int compare_entries(const void *a, const void *b)
{
	const struct unit_index_entry *x = a, *y = b;

	return strcmp(x->source, y->source) ?: strcmp(x->object, y->object);
}

static int parse(struct unit_index *index)
{
	char *line = index->data, *next, *f[5];
	size_t lines = 0, n;

	for (char *c = line; *c; c++)
		lines += *c == '\n';
	index->units = calloc(lines + 1, sizeof(*index->units));
	index->includes = calloc(lines + 1, sizeof(*index->includes));
	if (!index->units || !index->includes)
		return -ENOMEM;
	for (line = strchr(line, '\n') + 1; *line; line = next) {
		next = strchr(line, '\n');
		if (!next)
			return -EINVAL;
		*next++ = '\0';
		n = split(line, f, 5);
		if ((!strcmp(f[0], "unit") || !strcmp(f[0], "assembly")) && n >= 4)
			index->units[index->n_units++] =
				(struct unit_index_entry){ f[1], f[2], f[3], n == 5 ? f[4] : f[1] };
		else if (!strcmp(f[0], "include") && n >= 3)
			index->includes[index->n_includes++] =
				(struct unit_index_include){ f[1], f[2] };
		else
			return -EINVAL;
	}
	if (index->n_units)
		qsort(index->units, index->n_units, sizeof(*index->units), compare_entries);
	return 0;
}

int unit_index_load(const char *path, const char *id, struct unit_index *index, struct diag *diag)
{
	size_t n = strlen(MAGIC), size;
	int err;

	memset(index, 0, sizeof(*index));
	err = read_file(path, &index->data, &size);
	if (err == -ENOENT)
		return err;
	if (err)
		return diag_errno(diag, -err, path, "read");
	if (size <= n || strncmp(index->data, MAGIC, n) || !str_starts(index->data + n, id) ||
	    index->data[n + strlen(id)] != '\n')
		err = -ENOENT;
	err = err ?: parse(index);
	if (err == -EINVAL) /* not ours: it is written completely or not at all */
		err = -ENOENT;
	if (err)
		unit_index_free(index);
	return err == -ENOMEM ? diag_oom(diag) : err;
}

void unit_index_free(struct unit_index *index)
{
	free(index->units);
	free(index->includes);
	free(index->data);
	memset(index, 0, sizeof(*index));
}

const struct unit_index_entry *unit_index_find(const struct unit_index *index, const char *source,
					       size_t *n)
{
	size_t low = 0, high = index->n_units, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(index->units[mid].source, source) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < index->n_units && !strcmp(index->units[end].source, source);)
		end++;
	*n = end - low;
	return *n ? &index->units[low] : NULL;
}

static int reach(const struct unit_index *index, const char *source,
		 int (*found)(const struct unit_index_entry *entry, void *arg),
		 int (*header)(const char *header, void *arg), void *arg, int depth)
{
	const struct unit_index_entry *entry;
	size_t n, length = strlen(source);
	int err = 0;

	if (depth > DEPTH_MAX)
		return -ELOOP;
	if (depth && length > 2 && !strcmp(source + length - 2, ".h"))
		err = header(source, arg);
	entry = unit_index_find(index, source, &n);
	for (size_t i = 0; i < n && !err; i++)
		err = found(&entry[i], arg);
	for (size_t i = 0; i < index->n_includes && !err; i++) {
		const struct unit_index_include *include = &index->includes[i];

		if (include_can_be(include->includer, include->text, source))
			err = reach(index, include->includer, found, header, arg, depth + 1);
	}
	return err;
}

int unit_index_reach(const struct unit_index *index, const char *source,
		     int (*found)(const struct unit_index_entry *entry, void *arg),
		     int (*header)(const char *header, void *arg), void *arg)
{
	return reach(index, source, found, header, arg, 0);
}
