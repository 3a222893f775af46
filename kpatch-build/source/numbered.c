// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree that is compiled isn't the patched source but a copy, in which #line
 * keeps the numbers of unchanged lines (line-directives.c). So the unchanged
 * functions of both compilations are the same, and a livepatch's warnings name
 * the same lines as those of the running kernel.
 *
 * Users must not see that copy. A map (line-map.h) leads from the numbers in
 * debug information to the patched source. The compiler's own messages can't be
 * mapped: it prints the source line with the number that it assumes. So it is
 * run again on the patched source, and the messages of that run are reported.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/source/line-directives.h"
#include "lib/line-map.h"
#include "kpatch-build/source/numbered.h"
#include "lib/process.h"
#include "kpatch-build/source/shadow.h"
#include "kpatch-build/source/hunks.h"
#include "lib/text.h"

static size_t count_lines(const char *text, size_t size)
{
	size_t n = size && text[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

static json_t *ranges_to_json(const struct numbered_text *numbered)
{
	json_t *ranges = json_array();

	for (size_t i = 0; i < numbered->n_ranges; i++)
		json_array_append_new(ranges,
				      json_pack("[i, i, i]", (int)numbered->ranges[i].number,
						(int)numbered->ranges[i].n,
						(int)numbered->ranges[i].line));
	return ranges;
}

static int write_numbered(const struct trees *trees, const char *path,
			  const struct numbered_text *numbered, json_t *files, struct diag *diag)
{
	char *to = path_join(trees->numbered, path, NULL);
	int err = to ? write_file_atomic(to, numbered->text, numbered->size, 0644) : -ENOMEM;

	if (err)
		diag_errno(diag, -err, to ?: path, "write");
	else if (json_object_set_new(files, path, ranges_to_json(numbered)))
		err = diag_oom(diag);
	free(to);
	return err;
}

/* A file of the patched tree, and the original of that name. */
struct pair {
	char *original, *patched; /* paths */
	char *original_text, *text;
	size_t original_size, size;
	struct hunk *hunks;
	size_t n_hunks;
};

static int read_pair(const struct trees *trees, const char *path, struct pair *pair)
{
	int err;

	pair->original = path_join(trees->original, path, NULL);
	pair->patched = path_join(trees->shadow, path, NULL);
	err = pair->original && pair->patched ? 0 : -ENOMEM;
	err = err ?: read_file(pair->original, &pair->original_text, &pair->original_size);
	err = err ?: read_file(pair->patched, &pair->text, &pair->size);
	return err ?: hunks_between(pair->original, pair->patched, &pair->hunks, &pair->n_hunks);
}

static void free_pair(struct pair *pair)
{
	free(pair->original);
	free(pair->patched);
	free(pair->original_text);
	free(pair->text);
	free(pair->hunks);
}

static int number_file(const struct trees *trees, struct diag *diag, const char *path,
		       json_t *files)
{
	struct numbered_text numbered = { 0 };
	struct pair pair = { 0 };
	int err = read_pair(trees, path, &pair);

	if (!err)
		err = number_lines(pair.text, pair.size,
				   count_lines(pair.original_text, pair.original_size), pair.hunks,
				   pair.n_hunks, &numbered);
	if (err == -ENOENT)
		err = 0; /* added or removed: nothing in it is unchanged */
	else if (err)
		diag_errno(diag, -err, path, "number");
	else if (numbered.text)
		err = write_numbered(trees, path, &numbered, files, diag);
	numbered_text_free(&numbered);
	free_pair(&pair);
	return err;
}

static int number_files(struct build *build, json_t *files)
{
	int err = 0;

	for (size_t i = 0; i < build->n_changes && !err; i++) {
		const struct change *change = &build->changes[i];

		if (!change->ignored && !change->makefile && !fnmatch("*.[ch]", change->path, 0))
			err = number_file(&build->trees, build->diag, change->path, files);
	}
	return err;
}

static int make_tree(const struct job *job, const struct series *series, struct trees *trees)
{
	const char **paths = calloc(series->n_changes + 1, sizeof(*paths));
	char *failed = NULL;
	int err = paths ? 0 : -ENOMEM;

	trees->numbered = path_join(job->work, "numbered", NULL);
	for (size_t i = 0; i < series->n_changes && !err; i++)
		paths[i] = series->changes[i].path;
	if (!err)
		err = trees->numbered ? shadow_make(trees->shadow, trees->numbered, paths,
						    series->n_changes, &failed)
				      : -ENOMEM;
	if (err)
		diag_errno(job->diag, -err, failed ?: "numbered", "make");
	free(failed);
	free(paths);
	return err;
}

int keep_line_numbers(struct build *build)
{
	json_t *files = json_object();
	int err = files ? make_tree(&build->job, &build->series, &build->trees)
			: diag_oom(build->diag);

	err = err ?: number_files(build, files);
	if (!err) {
		build->line_map_file = path_join(build->work, "lines.json", NULL);
		if (!build->line_map_file)
			err = diag_oom(build->diag);
		else if (json_dump_file(files, build->line_map_file, JSON_COMPACT))
			err = diag_errno(build->diag, EIO, build->line_map_file, "write");
	}
	err = err ?: line_map_read(build->line_map_file, &build->line_map, build->diag);
	json_decref(files);
	return err;
}

static unsigned int patched_line(const char *file, unsigned int line, void *map)
{
	return line_map_line(map, file, line);
}

void use_patched_lines(const struct trees *trees, struct diag *diag)
{
	diag_translate_lines(diag, patched_line, trees->line_map);
}
