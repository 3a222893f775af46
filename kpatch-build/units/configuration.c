// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The running kernel was configured when it was built. A commit that changes
 * Kconfig may leave its configuration as it is: it adds an option that isn't set,
 * or a dependency that is met, or help texts. Or it may change it: a new option that
 * is on by default, a select. Only Kconfig itself can tell, so it is run on the
 * patched source with the shipped configuration, and no option may get another
 * value.
 *
 * An option that the diffs add is unset in this kernel because the option didn't exist.
 * Which branch code that reads it takes would then be an accident, so that
 * is refused.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/file-kinds.h"
#include "kpatch-build/units/left-out.h"
#include "kpatch-build/units/new-units.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/text.h"

#define SHOWN_MAX 5

/* Is the line "CONFIG_X=value" (@n characters) in @config as well? */
static bool has_line(const char *config, const char *line, size_t n)
{
	for (const char *at = config; (at = memmem(at, strlen(at), line, n)); at++)
		if ((at == config || at[-1] == '\n') && at[n] == '\n')
			return true;
	return false;
}

/* Add a detail for each option of @a that @b sets differently or not at all; returns their number. */
static size_t show_differences(struct diag *diag, const char *a, const char *b, const char *what)
{
	size_t n = 0;

	for (const char *at = a; *at; at += !!*at) {
		size_t length = strcspn(at, "\n");

		if (*at != '#' && length && !has_line(b, at, length) && n++ < SHOWN_MAX)
			diag_detail(diag, "%s: %.*s", what, (int)length, at);
		at += length;
	}
	return n;
}

static size_t count_differences(const char *a, const char *b)
{
	size_t n = 0;

	for (const char *at = a; *at; at += !!*at) {
		size_t length = strcspn(at, "\n");

		n += *at != '#' && length && !has_line(b, at, length);
		at += length;
	}
	return n;
}

/* The first changed part of Kconfig, which messages name for all of them. */
static struct change *first_kconfig(const struct series *series)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (series->changes[i].kconfig && !series->changes[i].ignored)
			return &series->changes[i];
	return NULL;
}

static int compare_configurations(const struct series *series, struct diag *diag,
				  const char *shipped, const char *now)
{
	if (!count_differences(shipped, now) && !count_differences(now, shipped))
		return 0;
	refuse_part(diag, first_kconfig(series), "KS314");
	show_differences(diag, shipped, now, "shipped");
	show_differences(diag, now, shipped, "with the diffs");
	return -EINVAL;
}

static int configure(struct build *build, char **config)
{
	struct process process;
	char *tree, *path;
	size_t size;
	int err = make_in_shadow(&build->job, &build->kernel, &build->oot, &build->trees,
				 "olddefconfig", &process, &tree);

	if (err && err != -ENOMEM) {
		refuse_part(build->diag, first_kconfig(&build->series), "KS314");
		run_report_log(build->diag, process.log);
	}
	process_end(&process);
	path = err ? NULL : path_join(tree, ".config", NULL);
	if (!err && (err = path ? read_file(path, config, &size) : -ENOMEM))
		diag_errno(build->diag, -err, path ?: tree, "read");
	free(path);
	free(tree);
	return err;
}

/* "+config X" → X. Caller frees; NULL: the line defines no option. */
static char *defined_option(const char *line, const char *end)
{
	const char *name;

	line += strspn(line, " \t");
	line += str_starts(line, "menu") ? strlen("menu") : 0;
	if (!str_starts(line, "config") || (line[6] != ' ' && line[6] != '\t'))
		return NULL;
	name = line + 6 + strspn(line + 6, " \t");
	for (line = name; line < end && (isalnum((unsigned char)*line) || *line == '_'); line++)
		;
	return format("CONFIG_%.*s", (int)(line - name), name);
}

/* Refuse changed code that reads the option @name. */
static int check_readers(const struct series *series, const struct trees *trees, struct diag *diag,
			 const char *name)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && err != -ENOMEM; i++) {
		const struct change *change = &series->changes[i];
		char *path = path_join(trees->shadow, change->path, NULL), *text = NULL;
		size_t size;
		int one;

		if (!path)
			return diag_oom(diag);
		one = change->ignored || change->makefile || change->kconfig
			      ? 0
			      : read_file_if_there(path, &text, &size);
		if (one) {
			err = diag_errno(diag, -one, path, "read");
		} else if (text && text_has_word(text, name)) {
			err = refuse_part(diag, first_kconfig(series), "KS314");
			diag_detail(diag, "%s reads the new option %s", change->path, name);
		}
		free(text);
		free(path);
	}
	return err;
}

/* The options that @entry adds to Kconfig, unless it removes them in another place. */
static int check_new_options(const struct series *series, const struct trees *trees,
			     struct diag *diag, const struct diff_entry *entry)
{
	int err = 0, one;

	for (const char *at = entry->body; at && at < entry->body_end;) {
		const char *end = at + strcspn(at, "\n");
		char *name = *at == '+' ? defined_option(at + 1, end) : NULL;

		one = name ? check_readers(series, trees, diag, name) : 0;
		err = err ?: one;
		free(name);
		at = end + (*end == '\n');
	}
	return err;
}

static int check_diff(const struct series *series, const struct trees *trees, struct diag *diag,
		      const struct diff *diff)
{
	struct diff_list list = { 0 };
	char *text = NULL;
	size_t size;
	int err = read_file(diff->applied, &text, &size), one;

	err = err ?: diff_parse(text, &list);
	if (err)
		diag_errno(diag, -err, diff->path, "read");
	for (size_t e = 0; e < list.n && !err; e++) {
		const char *path = diff_strip(list.entries[e].new_path ?: "", 1);

		if (!path || diff_file_kind(path, TREE_OF_KERNEL)->verdict != FILE_KCONFIG)
			continue;
		one = check_new_options(series, trees, diag, &list.entries[e]);
		err = err ?: one;
	}
	diff_list_free(&list);
	free(text);
	return err;
}

int check_kconfig(struct build *build)
{
	char *now = NULL, *shipped = NULL;
	size_t size;
	int err;

	if (!first_kconfig(&build->series))
		return 0;
	err = configure(build, &now);
	if (!err && (err = read_file(build->kernel.config, &shipped, &size)))
		diag_errno(build->diag, -err, build->kernel.config, "read");
	err = err ?: compare_configurations(&build->series, build->diag, shipped, now);
	for (size_t i = 0; i < build->n_diffs && !err; i++)
		err = check_diff(&build->series, &build->trees, build->diag, &build->diffs[i]);
	for (size_t i = 0; i < build->n_changes && !err; i++)
		if (build->changes[i].kconfig && !build->changes[i].ignored)
			leave_out(build->diag, &build->changes[i],
				  "the configuration of this kernel stays the same");
	free(shipped);
	free(now);
	return err;
}
