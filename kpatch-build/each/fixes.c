// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fixes come as files, folders of them and mailboxes. The livepatch must not
 * depend on the order in which a shell lists them, so files are taken in the
 * order of their names, as git format-patch numbers them, and mails of a mailbox
 * in that of their series.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/fixes.h"
#include "kpatch-build/source/cve-map.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/inputs.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

/* A file's folder, then its name; "9" precedes "10". */
static int by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	const char *x_name = base_name(x), *y_name = base_name(y);
	char *x_dir = strndup(x, x_name - x), *y_dir = strndup(y, y_name - y);
	char *x_real = realpath(*x_dir ? x_dir : ".", NULL);
	char *y_real = realpath(*y_dir ? y_dir : ".", NULL);
	int order = x_real && y_real ? strverscmp(x_real, y_real) : 0;

	free(x_real);
	free(y_real);
	free(x_dir);
	free(y_dir);
	return order ?: strverscmp(x_name, y_name);
}

static int add_file(struct fix *fix, const char *path, bool added)
{
	struct fixed_file *files = reallocarray(fix->files, fix->n_files + 1, sizeof(*files));

	if (!files)
		return -ENOMEM;
	fix->files = files;
	files[fix->n_files] = (struct fixed_file){ strdup(base_name(path)), added };
	return files[fix->n_files++].name ? 0 : -ENOMEM;
}

/* The text of its added lines, to find who brings a name that another one uses. */
static char *added_lines(const struct diff_list *list)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < list->n; i++)
		for (const char *at = list->entries[i].body;
		     at && at < list->entries[i].body_end;) {
			size_t n = strcspn(at, "\n");

			if (*at == '+')
				fprintf(out, "%.*s\n", (int)n - 1, at + 1);
			at += n + (at[n] == '\n');
		}
	if (out && fclose(out))
		return NULL;
	return text;
}

/* What it changes. If it can't be read, its own run says why. */
static int read_changes(struct fix *fix, const char *path)
{
	struct diff_list list = { 0 };
	char *text = NULL;
	size_t size;
	int err = read_file(path, &text, &size);

	if (err)
		return err;
	err = diff_parse(text, &list);
	if (err == -EINVAL)
		err = 0;
	for (size_t i = 0; i < list.n && !err; i++) {
		const struct diff_entry *entry = &list.entries[i];

		if (entry->old_path)
			err = add_file(fix, entry->old_path, false);
		if (!err && entry->new_path)
			err = add_file(fix, entry->new_path, !entry->old_path);
	}
	fix->added = added_lines(&list);
	diff_list_free(&list);
	free(text);
	return err ?: fix->added ? 0 : -ENOMEM;
}

static size_t count_of_input(const struct series *series, size_t input)
{
	size_t n = 0;

	for (size_t i = 0; i < series->n_diffs; i++)
		n += series->diffs[i].input == input;
	return n;
}

/* Its time is that of its mail, or of the file that it came in: package.c uses it. */
static int set_time(const char *path, const struct input *input)
{
	struct timespec times[2] = { { .tv_sec = input->date }, { .tv_sec = input->date } };

	return utimensat(AT_FDCWD, path, times, 0) ? -errno : 0;
}

/*
 * A file with one diff is used as it is, so that the manifest has its name and its digest. Of a
 * mailbox or a pipe, each fix gets a file.
 */
static int take_file(const struct build *build, size_t i, struct fix *fix)
{
	const struct diff *diff = &build->diffs[i];
	const struct input *input = &build->inputs[diff->input];
	size_t n = count_of_input(&build->series, diff->input), number = 1;
	char *folder;
	int err;

	if (n == 1 && input->has_name) {
		fix->name = strdup(input->name);
		fix->path = realpath(input->label, NULL);
		return fix->name && fix->path ? 0 : -ENOMEM;
	}
	for (size_t k = 0; k < i; k++)
		number += build->diffs[k].input == diff->input;
	fix->name = n == 1 ? strdup(input->name) : format("%s-%04zu", input->name, number);
	folder = format("%s/fixes/%zu", build->work, i);
	fix->path = folder && fix->name ? path_join(folder, fix->name, NULL) : NULL;
	err = fix->path ? make_dirs(folder) : -ENOMEM;
	err = err ?: copy_file(diff->text, fix->path);
	err = err ?: set_time(fix->path, input);
	free(folder);
	return err;
}

static int read_fix(const struct build *build, size_t i, struct fix *fix)
{
	int err = take_file(build, i, fix);

	err = err ?: diff_message(&build->series, &build->diffs[i], &fix->message);
	err = err ?: read_changes(fix, build->diffs[i].text);
	fix->needs = calloc(build->n_diffs, sizeof(*fix->needs));
	return err ?: fix->needs ? 0 : -ENOMEM;
}

int fixes_read(struct build *build, struct fixes *fixes)
{
	struct options *options = &build->options;
	int err;

	qsort(options->diffs, options->n_diffs, sizeof(*options->diffs), by_name);
	err = take_inputs(build);
	err = err ?: read_cve_map(build);
	if (err)
		return err;
	fixes->list = calloc(build->n_diffs + 1, sizeof(*fixes->list));
	if (!fixes->list)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_diffs && !err; i++) {
		fixes->n++;
		err = read_fix(build, i, &fixes->list[i]);
		if (err)
			diag_errno(build->diag, -err, build->diffs[i].path, "read");
	}
	return err;
}

void fixes_free(struct fixes *fixes)
{
	for (size_t i = 0; i < fixes->n; i++) {
		struct fix *fix = &fixes->list[i];

		for (size_t k = 0; k < fix->n_files; k++)
			free(fix->files[k].name);
		free(fix->files);
		free(fix->name);
		free(fix->path);
		free(fix->added);
		free(fix->needs);
		free(fix->why);
		free(fix->code);
		json_decref(fix->diagnostics);
		message_free(&fix->message);
	}
	free(fixes->list);
	*fixes = (struct fixes){ 0 };
}

bool fix_is_in(const struct fix *fix)
{
	return fix->fate == FIX_IN || fix->fate == FIX_UNCHANGED;
}

bool fix_changes(const struct fix *fix, const char *path)
{
	for (size_t i = 0; i < fix->n_files; i++)
		if (!strcmp(fix->files[i].name, base_name(path)))
			return true;
	return false;
}

bool fixes_share_file(const struct fix *a, const struct fix *b)
{
	for (size_t i = 0; i < a->n_files; i++)
		if (fix_changes(b, a->files[i].name))
			return true;
	return false;
}

static const char *const outcomes[] = {
	[FIX_UNKNOWN] = "undecided", [FIX_IN] = "in",
	[FIX_UNCHANGED] = "in",	     [FIX_NOT_NEEDED] = "not needed",
	[FIX_REFUSED] = "left out",  [FIX_NEEDS_OTHER] = "left out",
};

static json_t *fix_to_row(const struct fixes *fixes, const struct fix *fix, enum rows_kind kind)
{
	json_t *cves = json_array(), *needs = json_array(), *row;

	for (size_t i = 0; i < fix->message.cves.n; i++)
		json_array_append_new(cves, json_string(fix->message.cves.list[i]));
	for (size_t i = 0; i < fixes->n; i++)
		if (fix->needs[i])
			json_array_append_new(needs, json_string(fixes->list[i].name));
	row = json_pack("{s:s, s:s, s:o, s:s, s:s*, s:s*}", "name", fix->name, "subject",
			fix->message.subject, "cves", cves, "outcome", outcomes[fix->fate], "code",
			fix->code, "why", fix->why);
	if (json_array_size(needs))
		json_object_set(row, "needs", needs);
	json_decref(needs);
	if (kind == ROWS_WITH_DIAGNOSTICS && fix->diagnostics)
		json_object_set(row, "diagnostics", fix->diagnostics);
	return row;
}

json_t *fixes_to_rows(const struct fixes *fixes, enum rows_kind kind)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < fixes->n; i++)
		if (json_array_append_new(rows, fix_to_row(fixes, &fixes->list[i], kind))) {
			json_decref(rows);
			return NULL;
		}
	return rows;
}
