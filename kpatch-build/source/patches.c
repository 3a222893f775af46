// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two passes over the user's diffs: first reading what they change, so that
 * everything that can't be livepatched is reported at once; later applying them
 * to a tree of links of their own (shadow.h).
 *
 * A livepatch must change what its author changed. By default patch(1) accepts
 * hunks whose context has changed ("fuzz"); the result compiles, and is right
 * only by luck. Here a hunk may have moved, but its context must be unchanged.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/source/diff.h"
#include "lib/files.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/shadow.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/source/makefile-lines.h"
#include "lib/text.h"
#include "kpatch-build/source/diff-write.h"

static bool oot_has(const struct oot_module *oot, const char *path)
{
	char *full = path_join(oot->source, path, NULL);
	bool has = full && path_exists(full);

	free(full);
	return has;
}

/*
 * The number of components of @path in a diff before the root of the module's source; -1: it names
 * nothing there. A new file needs only its folder.
 */
static int oot_strip(const struct oot_module *oot, const char *path)
{
	for (int parent = 0; parent <= 1; parent++) {
		const char *rest = path;

		for (int strip = 0; rest && strip <= 1; strip++) {
			const char *slash = strrchr(rest, '/');
			char *looked = !parent ? strdup(rest)
				       : slash ? strndup(rest, slash - rest)
					       : strdup(".");
			bool has = looked && oot_has(oot, looked);

			free(looked);
			if (has)
				return strip;
			rest = strchr(rest, '/');
			rest = rest ? rest + 1 : NULL;
		}
	}
	return -1;
}

/* The entries at the root of a kernel tree: they tell `a/fs/x.c` from `fs/x.c`. */
static const char *const root_entries[] = {
	"arch",
	"block",
	"certs",
	"crypto",
	"Documentation",
	"drivers",
	"fs",
	"include",
	"init",
	"io_uring",
	"ipc",
	"kernel",
	"lib",
	"LICENSES",
	"mm",
	"net",
	"rust",
	"samples",
	"scripts",
	"security",
	"sound",
	"tools",
	"usr",
	"virt",
	"COPYING",
	"CREDITS",
	"Kbuild",
	"Kconfig",
	"MAINTAINERS",
	"Makefile",
	"README",
	".gitignore",
	".gitattributes",
	".mailmap",
	".clang-format",
	".editorconfig",
	".rustfmt.toml",
	".cocciconfig",
	".get_maintainer.ignore",
};

static bool is_at_root(const char *path)
{
	size_t n = strcspn(path, "/");

	for (size_t i = 0; i < ARRAY_SIZE(root_entries); i++)
		if (strlen(root_entries[i]) == n && !strncmp(root_entries[i], path, n))
			return true;
	return false;
}

/*
 * The number of components before the tree's root; -1 if it isn't a kernel path. First try 0:
 * `drivers/block/x.c` without its first component would look right too.
 */
static int guess_strip(const char *path)
{
	for (int strip = 0; strip <= 1; strip++) {
		const char *rest = diff_strip(path, strip);

		if (rest && is_at_root(rest))
			return strip;
	}
	return -1;
}

static bool leaves_tree(const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/'), at = at ? at + 1 : NULL)
		if (*at == '/' || str_starts(at, "../") || !strcmp(at, ".."))
			return true;
	return false;
}

/* A change of documentation or tests is only applied. */
enum meaning { IS_OF_KERNEL, IS_IGNORED };

static int add_change(struct series *series, const char *path, const char *diff,
		      enum meaning meaning, struct diag *diag)
{
	struct change *changes, *change;

	for (size_t i = 0; i < series->n_changes; i++)
		if (!strcmp(series->changes[i].path, path))
			return 0;
	changes = realloc(series->changes, (series->n_changes + 1) * sizeof(*changes));
	if (!changes)
		return diag_oom(diag);
	series->changes = changes;
	change = &changes[series->n_changes];
	memset(change, 0, sizeof(*change));
	change->path = strdup(path);
	change->diff = diff;
	change->ignored = meaning == IS_IGNORED;
	if (!change->path)
		return diag_oom(diag);
	series->n_changes++;
	return 0;
}

static struct change *added_change(const struct series *series, const char *path)
{
	size_t i = 0;

	while (strcmp(series->changes[i].path, path))
		i++;
	return &series->changes[i];
}

/* What the lines of a makefile's part are, and where the first other one is. */
struct makefile_part {
	const char *other; /* NULL: there is none */
	const char *setting; /* the first, or NULL */
	unsigned int line; /* of ->other, or of ->setting */
	struct words settings; /* names of variables that are set */
};

static void read_makefile_part(const struct diff_entry *entry, struct makefile_part *part)
{
	unsigned int line = entry->body_line;
	const char *end;

	for (const char *at = entry->body; at && at < entry->body_end; at = end, line++) {
		size_t n;

		end = at + strcspn(at, "\n");
		end += *end == '\n';
		if ((*at != '+' && *at != '-') || makefile_line_lists_objects(at + 1))
			continue;
		n = makefile_setting(at + 1);
		if (n)
			words_addf(&part->settings, "%.*s", (int)n, at + 1);
		if (n && !part->setting && !part->other) {
			part->setting = at;
			part->line = line;
		} else if (!n && !makefile_line_lists_folders(at + 1) && !part->other) {
			part->other = at;
			part->line = line;
		}
	}
}

static int read_makefile(struct series *series, struct diff *diff, const struct diff_entry *entry,
			 const char *path, struct diag *diag)
{
	struct diag_place place = { .file = diff->path, .line = entry->line };
	struct makefile_part part = { 0 };
	struct change *change;
	int err;

	if (!entry->new_path || entry->renamed || entry->copied || entry->binary)
		return diag_error(diag, "KS315", &place, "%s", path);
	err = add_change(series, path, diff->path, IS_OF_KERNEL, diag);
	if (err)
		return err;
	change = added_change(series, path);
	change->makefile = true;
	change->added = change->added || !entry->old_path;
	change->line = change->line ?: entry->line;
	read_makefile_part(entry, &part);
	if (part.other && !change->refused) {
		change->refused = "KS315";
		free(change->refused_line);
		change->refused_line = NULL;
	}
	if ((part.other || part.setting) && !change->refused_line) {
		const char *line = part.other ?: part.setting;

		change->line = part.line;
		change->refused_line = strndup(line, strcspn(line, "\r\n"));
		if (!change->refused_line)
			part.settings.failed = true;
	}
	for (size_t i = 0; i < part.settings.n && !part.settings.failed; i++) {
		char *all = format("%s%s%s", change->settings ?: "", change->settings ? " " : "",
				   part.settings.list[i]);

		part.settings.failed = !all;
		free(change->settings);
		change->settings = all;
	}
	err = part.settings.failed ? diag_oom(diag) : 0;
	words_free(&part.settings);
	return err;
}

/* If an earlier diff added the file, its content is not the kernel's. */
static bool is_added(const struct series *series, const char *path)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (!strcmp(series->changes[i].path, path))
			return series->changes[i].added;
	return false;
}

static bool is_removed(const struct series *series, const char *path)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (!strcmp(series->changes[i].path, path))
			return series->changes[i].removed;
	return false;
}

/* The file's path in the tree; NULL: @name isn't in the tree. */
static const char *path_in_tree(const struct oot_module *oot, const char *name)
{
	int strip;

	if (!name || leaves_tree(name))
		return NULL;
	strip = oot->source ? oot_strip(oot, name) : guess_strip(name);
	return strip < 0 ? NULL : diff_strip(name, strip);
}

/*
 * Of two names for one file use that of a file in the tree. *@old, *@new: NULL if there is no such
 * side.
 */
static int find_paths(const struct oot_module *oot, const struct diff_entry *entry,
		      const struct diag_place *place, const char **old, const char **new,
		      struct diag *diag)
{
	const char *name;

	*old = path_in_tree(oot, entry->old_path);
	*new = path_in_tree(oot, entry->new_path);
	if (!*old && !*new)
		return diag_error(diag, "KS324", place, "%s",
				  entry->new_path ?: entry->old_path ?: "no file name");
	if (!entry->old_path || !entry->new_path || entry->renamed || entry->copied)
		return (entry->old_path && !*old) || (entry->new_path && !*new)
			       ? diag_error(diag, "KS324", place, "%s",
					    *old ? entry->new_path : entry->old_path)
			       : 0;
	name = *old && *new ? diff_choose_name(*old, *new) : *old ?: *new;
	if (!name)
		return diag_error(diag, "KS169", place, "%s and %s", *old, *new);
	*old = *new = name;
	return 0;
}

/* A file that moves out of the kernel is removed from it. */
static bool is_left_out(const struct oot_module *oot, const struct diff_entry *entry,
			const char *old, const char *new)
{
	if (diff_file_kind(new ?: old, oot->source)->verdict != FILE_IGNORED)
		return false;
	return !entry->renamed || diff_file_kind(old, oot->source)->verdict == FILE_IGNORED;
}

/* Only a unit can be removed. */
static int read_removal(const struct oot_module *oot, struct series *series,
			const struct diff *diff, const struct diag_place *place, const char *old,
			struct diag *diag)
{
	int err;

	if (is_added(series, old)) {
		added_change(series, old)->ignored = true;
		return 0;
	}
	if (diff_file_kind(old, oot->source)->verdict != FILE_UNIT || oot->source ||
	    unit_is_assembly(old))
		return diag_error(diag, "KS318", place, "%s", old);
	err = add_change(series, old, diff->path, IS_OF_KERNEL, diag);
	if (err)
		return err;
	added_change(series, old)->line = place->line;
	added_change(series, old)->removed = true;
	return 0;
}

static int read_change(struct series *series, const struct diff *diff,
		       const struct diff_entry *entry, const struct diag_place *place,
		       const char *old, const char *new, struct diag *diag)
{
	int err;

	if (is_removed(series, new))
		return diag_error(diag, "KS318", place, "%s, and adds it again", new);
	if (entry->renamed || entry->copied)
		return diag_error(diag, "KS318", place, "%s, now %s", old, new);
	err = add_change(series, new, diff->path, IS_OF_KERNEL, diag);
	if (err)
		return err;
	added_change(series, new)->line = place->line;
	if (!old)
		added_change(series, new)->added = true;
	return 0;
}

/* Refused, unless this kernel is built without it: leave_out_parts(), check_kconfig(). */
static int read_asked(struct series *series, const struct diff *diff,
		      const struct diff_entry *entry, const struct file_kind *kind,
		      const char *path, struct diag *diag)
{
	struct diag_place place = { .file = diff->path, .line = entry->line };
	struct change *change;
	int err;

	if (!entry->new_path || entry->renamed || entry->copied)
		return diag_error(diag, kind->code, &place, "%s (%s)", path, kind->why);
	err = add_change(series, path, diff->path, IS_OF_KERNEL, diag);
	if (err)
		return err;
	change = added_change(series, path);
	change->line = change->line ?: entry->line;
	change->refused = kind->code;
	change->kconfig = kind->verdict == FILE_KCONFIG;
	change->added = change->added || !entry->old_path;
	return 0;
}

static int read_entry(const struct oot_module *oot, struct series *series, struct diff *diff,
		      struct diff_entry *entry, struct diag *diag)
{
	struct diag_place place = { .file = diff->path, .line = entry->line };
	const char *old, *new, *any;
	const struct file_kind *kind;
	int err = find_paths(oot, entry, &place, &old, &new, diag);

	if (err)
		return err;
	any = new ?: old;
	kind = diff_file_kind(any, oot->source);
	if (is_left_out(oot, entry, old, new)) {
		diag_warning(diag, kind->code, &place, "%s (%s)", any, kind->why);
		return add_change(series, any, diff->path, IS_IGNORED, diag);
	}
	if (entry->renamed && kind->verdict == FILE_IGNORED)
		return diag_error(diag, "KS318", &place, "%s, now %s", old, new);
	if (kind->verdict == FILE_REFUSED)
		return diag_error(diag, kind->code, &place, "%s (%s)", any, kind->why);
	if ((kind->verdict == FILE_MAKEFILE || kind->verdict == FILE_KCONFIG ||
	     kind->verdict == FILE_ASSEMBLY) &&
	    oot->source)
		return diag_error(diag, kind->code, &place, "%s (of a module by --oot-module)",
				  any);
	if (entry->binary && kind->verdict != FILE_MAKEFILE)
		return diag_error(diag, "KS316", &place, "%s (binary)", any);
	if (entry->mode_only && kind->verdict != FILE_MAKEFILE)
		return add_change(series, any, diff->path, IS_IGNORED, diag);
	entry->path = strdup(any);
	if (!entry->path)
		return diag_oom(diag);
	if (kind->verdict == FILE_MAKEFILE)
		return read_makefile(series, diff, entry, any, diag);
	if (kind->verdict == FILE_KCONFIG || kind->verdict == FILE_ASSEMBLY)
		return read_asked(series, diff, entry, kind, any, diag);
	return new ? read_change(series, diff, entry, &place, old, new, diag)
		   : read_removal(oot, series, diff, &place, old, diag);
}

/* Write the input for patch(1) to a file of its own: ->applied. */
static int write_counted(const struct job *job, const struct series *series, struct diff *diff,
			 const struct diff_list *list)
{
	int err;

	for (size_t i = 0; i < list->n; i++)
		diff->counts = diff->counts || list->entries[i].path;
	diff->applied = format("%s/%zu.diff", job->work, (size_t)(diff - series->diffs));
	if (!diff->applied)
		return diag_oom(job->diag);
	err = diff_write(list, diff->applied);
	return err ? diag_errno(job->diag, -err, diff->applied, "write") : 0;
}

static int read_diff(const struct job *job, const struct oot_module *oot, struct series *series,
		     struct diff *diff)
{
	struct diag_place place = { .file = diff->path };
	struct diff_list list = { 0 };
	char *text;
	size_t size;
	int err, one;

	err = read_file(diff->path, &text, &size);
	if (err)
		return diag_errno(job->diag, -err, diff->path, "read");
	err = diff_parse(text, &list);
	if (err == -ENOMEM) {
		diag_oom(job->diag);
	} else if (err) {
		place.line = list.error_line;
		diag_error(job->diag, "KS322", &place, "%s", list.error);
	}
	for (size_t i = 0; i < list.n && err != -ENOMEM; i++) {
		one = list.error ? 0 : read_entry(oot, series, diff, &list.entries[i], job->diag);
		err = err ?: one;
	}
	err = err ?: write_counted(job, series, diff, &list);
	diff_list_free(&list);
	free(text);
	return err ?: run_sha256(job, diff->path, &diff->sha256);
}

int read_diffs(struct build *build)
{
	const struct options *options = &build->options;
	bool unit = options->prove;
	int err = 0, one;

	build->diffs = calloc(options->n_diffs + 1, sizeof(*build->diffs));
	if (!build->diffs)
		return diag_oom(build->diag);
	for (size_t i = 0; i < options->n_diffs; i++) {
		build->diffs[build->n_diffs].path = options->diffs[i];
		one = read_diff(&build->job, &build->oot, &build->series,
				&build->diffs[build->n_diffs++]);
		err = err ?: one;
	}
	for (size_t i = 0; i < build->n_changes; i++)
		unit = unit || !build->changes[i].ignored;
	if (!err && !unit && diag_has(build->diag, "KS321"))
		return diag_error(build->diag, "KS320", NULL, "nothing else is changed");
	if (!err && !unit)
		build->nothing_to_do = true;
	return err;
}

/*
 * Run patch(1) with the options of all our calls and @how; 0, -ECHILD if the diff doesn't apply,
 * other negative errno. The caller ends @process.
 */
static int run_patch(const struct trees *trees, const struct diff *diff, const char *const *how,
		     struct process *process)
{
	char *absolute = realpath(diff->applied, NULL);
	struct words argv = { 0 };
	int err;

	if (!absolute)
		return -errno;
	words_add(&argv, "patch");
	words_add(&argv, "-p1");
	words_add(&argv, "--unified");
	words_add(&argv, "--fuzz=0");
	words_add(&argv, "--reject-file=-");
	words_addf(&argv, "--directory=%s", trees->shadow);
	words_addf(&argv, "--input=%s", absolute);
	for (; *how; how++)
		words_add(&argv, *how);
	err = argv.failed ? -ENOMEM : 0;
	if (!err) {
		process->argv = argv.list;
		err = process_run(process);
		process->argv = NULL;
	}
	words_free(&argv);
	free(absolute);
	return err;
}

static bool would_apply(const struct trees *trees, const struct diff *diff, const char *const *how)
{
	struct process process = { 0 };
	int err = run_patch(trees, diff, how, &process);

	process_end(&process);
	return !err;
}

/*
 * Does the source already have the whole of @diff? Then it can be reversed, and can't be applied.
 * Checked in the untouched source, since patch(1) applies the hunks that it can. --force: patch(1)
 * must not guess the direction.
 */
static bool is_there(const struct trees *trees, const struct diff *diff)
{
	static const char *const back[] = { "--reverse", "--force", "--dry-run", NULL };
	static const char *const forth[] = { "--forward", "--batch", "--dry-run", NULL };

	if (!diff->counts)
		return true;
	return would_apply(trees, diff, back) && !would_apply(trees, diff, forth);
}

/* patch(1) names files without the folder; its output is good enough as details. */
static int apply_diff(const struct kernel *kernel, const struct trees *trees,
		      const struct diff *diff, struct diag *diag)
{
	static const char *const how[] = { "--forward", "--batch", "--no-backup-if-mismatch",
					   NULL };
	struct diag_place place = { .file = diff->path };
	struct process process = { 0 };
	int err;

	if (!diff->counts)
		return 0;
	err = run_patch(trees, diff, how, &process);
	if (err == -ECHILD && process.log && strstr(process.log, "previously applied"))
		diag_error(diag, "KS323", &place, "%s has this change already", kernel->release);
	else if (err == -ECHILD)
		diag_error(diag, "KS323", &place, "%s", kernel->release);
	else if (err)
		diag_errno(diag, -err, "patch", "run");
	if (err)
		run_report_log(diag, process.log);
	process_end(&process);
	return err;
}

/*
 * A kernel with the fix needs no livepatch. If only some of several diffs are there, it may be half
 * of what the others are based on; applying them tells.
 */
static void look_what_is_there(struct build *build)
{
	size_t n = 0;

	for (size_t i = 0; i < build->n_diffs; i++) {
		build->diffs[i].is_there = is_there(&build->trees, &build->diffs[i]);
		n += build->diffs[i].is_there;
	}
	if (!n || n < build->n_diffs)
		return;
	for (size_t i = 0; i < build->n_diffs; i++) {
		struct diag_place place = { .file = build->diffs[i].path };

		diag_warning(build->diag, "KS349", &place, "%s", build->kernel.release);
	}
	build->nothing_to_do = true;
}

/* Its functions then count as removed: removed.c. */
static int empty_removed(const struct series *series, const struct trees *trees, struct diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && !err; i++) {
		char *path;

		if (!series->changes[i].removed)
			continue;
		path = path_join(trees->shadow, series->changes[i].path, NULL);
		err = path ? write_file_atomic(path, "", 0, 0644) : -ENOMEM;
		if (err)
			diag_errno(diag, -err, path ?: trees->shadow, "write");
		free(path);
	}
	return err;
}

int apply_diffs(struct build *build)
{
	const char **paths = calloc(build->n_changes + 1, sizeof(*paths));
	char *failed = NULL;
	int err;

	progress_step(build->progress, "apply %zu diff%s", build->n_diffs,
		      build->n_diffs == 1 ? "" : "s");
	if (!paths)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_changes; i++)
		paths[i] = build->changes[i].path;
	build->shadow = path_join(build->work, "shadow", NULL);
	err = build->shadow ? shadow_make(patched_tree(&build->kernel, &build->oot), build->shadow,
					  paths, build->n_changes, &failed)
			    : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, failed ?: "shadow", "make");
	free(failed);
	free(paths);
	if (!err)
		look_what_is_there(build);
	for (size_t i = 0; i < build->n_diffs && !err && !build->nothing_to_do; i++)
		err = apply_diff(&build->kernel, &build->trees, &build->diffs[i], build->diag);
	if (!err && !build->nothing_to_do)
		err = empty_removed(&build->series, &build->trees, build->diag);
	return err;
}
