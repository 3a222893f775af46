// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass over the diffs that finds what they change, so that all that can't be
 * livepatched is reported at once, before anything is applied (apply.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/source/depth.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/file-kinds.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/source/makefile-lines.h"
#include "lib/text.h"
#include "kpatch-build/source/diff-write.h"

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

/* The kinds of lines in the changed part of a makefile, and the first line of another kind. */
struct makefile_part {
	const char *other; /* NULL: there is none */
	const char *setting; /* the first, or NULL */
	unsigned int line; /* of ->other, or of ->setting */
	struct strvec settings; /* names of variables that are set */
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
			strvec_addf(&part->settings, "%.*s", (int)n, at + 1);
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
	struct diag_place place = { .file = diff->path, .line = diff->first_line + entry->line };
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
	change->line = change->line ?: place.line;
	read_makefile_part(entry, &part);
	if (part.other && !change->refused) {
		change->refused = "KS315";
		free(change->refused_line);
		change->refused_line = NULL;
	}
	if ((part.other || part.setting) && !change->refused_line) {
		const char *line = part.other ?: part.setting;

		change->line = diff->first_line + part.line;
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
	strvec_free(&part.settings);
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

/* Where the tree begins in @name, as depth.h says. */
static int depth_of(const struct oot_module *oot, const struct series *series, const char *name)
{
	int depth;

	if (oot->source)
		return depth_by_files(name, oot->source, TREE_OF_MODULE);
	depth = depth_by_name(name);
	if (depth == DEPTH_UNKNOWN && series->tree)
		depth = depth_by_files(name, series->tree, TREE_OF_KERNEL);
	return depth;
}

/* The file's path in the tree; NULL: @name isn't the name of a file in it. */
static const char *path_in_tree(const struct oot_module *oot, const struct series *series,
				const char *name)
{
	int depth = name ? depth_of(oot, series, name) : -1;

	return depth < 0 ? NULL : diff_strip(name, depth);
}

/*
 * Of two names for one file use that of a file in the tree. *@old, *@new: NULL if there is no such
 * side.
 */
static int find_paths(const struct oot_module *oot, const struct series *series,
		      const struct diff_entry *entry, const struct diag_place *place,
		      const char **old, const char **new, struct diag *diag)
{
	const char *name;

	*old = path_in_tree(oot, series, entry->old_path);
	*new = path_in_tree(oot, series, entry->new_path);
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

static enum tree_kind tree_of(const struct oot_module *oot)
{
	return oot->source ? TREE_OF_MODULE : TREE_OF_KERNEL;
}

/* A file that moves out of the kernel is removed from it. */
static bool is_left_out(const struct oot_module *oot, const struct diff_entry *entry,
			const char *old, const char *new)
{
	if (diff_file_kind(new ?: old, tree_of(oot))->verdict != FILE_IGNORED)
		return false;
	return !entry->renamed || diff_file_kind(old, tree_of(oot))->verdict == FILE_IGNORED;
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
	if (diff_file_kind(old, tree_of(oot))->verdict != FILE_UNIT || oot->source ||
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
	struct diag_place place = { .file = diff->path, .line = diff->first_line + entry->line };
	struct change *change;
	int err;

	if (!entry->new_path || entry->renamed || entry->copied)
		return diag_error(diag, kind->code, &place, "%s (%s)", path, kind->why);
	err = add_change(series, path, diff->path, IS_OF_KERNEL, diag);
	if (err)
		return err;
	change = added_change(series, path);
	change->line = change->line ?: place.line;
	change->refused = kind->code;
	change->kconfig = kind->verdict == FILE_KCONFIG;
	change->added = change->added || !entry->old_path;
	return 0;
}

static int read_entry(const struct oot_module *oot, struct series *series, struct diff *diff,
		      struct diff_entry *entry, struct diag *diag)
{
	struct diag_place place = { .file = diff->path, .line = diff->first_line + entry->line };
	const char *old, *new, *any;
	const struct file_kind *kind;
	int err = find_paths(oot, series, entry, &place, &old, &new, diag);

	if (err)
		return err;
	any = new ?: old;
	kind = diff_file_kind(any, tree_of(oot));
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

	diff->lines = calloc(list->n + 1, sizeof(*diff->lines));
	if (!diff->lines)
		return diag_oom(job->diag);
	for (size_t i = 0; i < list->n; i++) {
		diff->counts = diff->counts || list->entries[i].path;
		if (diff_is_written(&list->entries[i]))
			diff->lines[diff->n_lines++] =
				diff->first_line + list->entries[i].body_line;
	}
	diff->applied = format("%s/%zu.diff", job->work, (size_t)(diff - series->diffs));
	if (!diff->applied)
		return diag_oom(job->diag);
	err = diff_write(list, diff->applied);
	return err ? diag_errno(job->diag, -err, diff->applied, "write") : 0;
}

/* Is there a name that alone doesn't tell where the tree begins? */
static bool has_unknown_depth(const struct oot_module *oot, const struct diff_list *list)
{
	if (oot->source)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		const struct diff_entry *entry = &list->entries[i];

		if ((entry->old_path && depth_by_name(entry->old_path) == DEPTH_UNKNOWN) ||
		    (entry->new_path && depth_by_name(entry->new_path) == DEPTH_UNKNOWN))
			return true;
	}
	return false;
}

/* Parse each diff, and pass it to @take. Goes on after an error. */
typedef int (*take_fn)(const struct job *job, const struct oot_module *oot, struct series *series,
		       struct diff *diff, struct diff_list *list);

static int parse_diff(const struct job *job, const struct oot_module *oot, struct series *series,
		      struct diff *diff, take_fn take)
{
	struct diag_place place = { .file = diff->path };
	struct diff_list list = { 0 };
	char *text;
	size_t size;
	int err;

	err = read_file(diff->text, &text, &size);
	if (err)
		return diag_errno(job->diag, -err, diff->text, "read");
	err = diff_parse(text, &list);
	if (err == -ENOMEM) {
		diag_oom(job->diag);
	} else if (err) {
		place.line = diff->first_line + list.error_line;
		diag_error(job->diag, "KS322", &place, "%s", list.error);
	} else {
		err = take(job, oot, series, diff, &list);
	}
	diff_list_free(&list);
	free(text);
	return err;
}

static int parse_diffs(const struct job *job, const struct oot_module *oot, struct series *series,
		       take_fn take)
{
	int err = 0, one;

	for (size_t i = 0; i < series->n_diffs; i++) {
		one = parse_diff(job, oot, series, &series->diffs[i], take);
		err = err ?: one;
	}
	return err;
}

static int look_at_names(const struct job *job, const struct oot_module *oot, struct series *series,
			 struct diff *diff, struct diff_list *list)
{
	series->depth_unknown = series->depth_unknown || has_unknown_depth(oot, list);
	return 0;
}

static int read_diff(const struct job *job, const struct oot_module *oot, struct series *series,
		     struct diff *diff, struct diff_list *list)
{
	int err = 0, one;

	for (size_t i = 0; i < list->n && err != -ENOMEM; i++) {
		one = read_entry(oot, series, diff, &list->entries[i], job->diag);
		err = err ?: one;
	}
	return err ?: write_counted(job, series, diff, list);
}

static int read_all_diffs(const struct job *job, const struct oot_module *oot,
			  struct series *series)
{
	bool unit = job->options.prove;
	int err = parse_diffs(job, oot, series, read_diff);

	for (size_t i = 0; i < series->n_changes; i++)
		unit = unit || !series->changes[i].ignored;
	if (!err && !unit && diag_has(job->diag, "KS321"))
		return diag_error(job->diag, "KS320", NULL, "nothing else is changed");
	if (!err && !unit)
		series->nothing_to_do = true;
	return err;
}

/* If the names allow it, do this before a kernel is searched for, or even downloaded. */
int read_diffs(struct build *build)
{
	int err = parse_diffs(&build->job, &build->oot, &build->series, look_at_names);

	return err || build->depth_unknown
		       ? err
		       : read_all_diffs(&build->job, &build->oot, &build->series);
}

int read_diffs_in_tree(struct build *build)
{
	if (!build->depth_unknown)
		return 0;
	build->series.tree = build->kernel.source;
	return read_all_diffs(&build->job, &build->oot, &build->series);
}
