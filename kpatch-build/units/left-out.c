// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A commit is written for all kernels, and a livepatch is built for one: a part of
 * it may change a driver, a header or a makefile that this kernel is built without.
 * A maintainer leaves such parts out. So does this pass, before patch(1) reads them, as
 * the distribution's source of files that aren't built may differ.
 *
 * The rest of the diffs must not need the part. So two kinds of files are kept: a file
 * that the rest names in a new line (#include), and a header if a directive changes in
 * a file that includes it. If a compiler reads a part that was left out after all,
 * compile.c refuses it. If nothing would remain, nothing is left out, and later passes
 * refuse the diffs for their changes.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/source/diff-write.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/makefile-lines.h"
#include "kpatch-build/units/headers.h"
#include "kpatch-build/units/left-out.h"
#include "kpatch-build/units/makefiles.h"
#include "kpatch-build/units/needed-parts.h"
#include "kpatch-build/units/unbuilt.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

static int read_texts(struct parts *parts)
{
	const struct series *series = parts->series;
	int err = 0;

	parts->texts = calloc(series->n_diffs + 1, sizeof(*parts->texts));
	if (!parts->texts)
		return diag_oom(parts->job->diag);
	for (size_t i = 0; i < series->n_diffs && !err; i++) {
		struct diff_text *text = &parts->texts[i];
		size_t size;

		err = read_file(series->diffs[i].applied, &text->text, &size);
		err = err ?: diff_parse(text->text, &text->list);
		if (err)
			diag_errno(parts->job->diag, -err, series->diffs[i].path, "read");
	}
	return err;
}

/* Is it kept, and more than a makefile or Kconfig, which only serve other changes? */
static bool is_kept(const struct parts *parts, size_t i)
{
	const struct change *change = &parts->series->changes[i];

	return !change->ignored && !parts->out[i] && !change->makefile && !change->kconfig &&
	       !change->refused;
}

/* Is nothing of the file's folder built? */
static int folder_is_unused(struct parts *parts, const char *path, bool *is)
{
	static const char *const names[] = { "Kbuild", "Makefile" };
	int err = 0;

	for (size_t i = 0; i < 2 && !*is && !err; i++) {
		char *makefile = format("%.*s%s", (int)(base_name(path) - path), path, names[i]);

		err = makefile ? makefile_is_unused(&parts->built, makefile, is) : -ENOMEM;
		free(makefile);
	}
	return err;
}

/* Does the makefile of @folder list the object of @path, in any list of what is linked? */
static int folder_lists(struct parts *parts, const char *folder, const char *path, bool *lists)
{
	static const char kinds[] = "ymL";
	struct object_list list = { 0 };
	int err = object_list_read(parts->job, parts->kernel, parts->kernel->source, folder, NULL,
				   &list);

	for (const char *kind = kinds; *kind && !err; kind++) {
		char *line = format("%c %.*so", *kind, (int)strlen(path) - 1, path);

		err = line ? 0 : diag_oom(parts->job->diag);
		*lists |= line && object_list_has(&list, line);
		free(line);
	}
	object_list_free(&list);
	return err;
}

/*
 * Ask make for the object, too, as some assembly is in no index. The file's folder may have no
 * makefile; then the makefile of the folder above lists its objects.
 */
static int make_lists(struct parts *parts, const char *path, bool *lists)
{
	char *folder = strdup(path), *slash;
	int err = folder ? 0 : diag_oom(parts->job->diag);

	while (!err && !*lists && (slash = strrchr(folder, '/'))) {
		*slash = '\0';
		if (has_makefile(&parts->built, folder))
			err = folder_lists(parts, folder, path, lists);
	}
	free(folder);
	return err;
}

static int source_is_out(struct parts *parts, const char *path, bool *is)
{
	bool unused = false, listed = false;
	int err = source_is_unbuilt(&parts->built, path, is);

	err = err || !*is ? err : folder_is_unused(parts, path, &unused);
	err = err || !*is || unused ? err : make_lists(parts, path, &listed);
	*is = *is && !err && !listed;
	return err;
}

static int find_unbuilt(struct parts *parts, size_t i)
{
	const struct change *change = &parts->series->changes[i];
	bool *is = &parts->out[i];

	if (change->ignored || change->kconfig)
		return 0;
	if (change->makefile)
		return change->added ? 0 : makefile_is_unused(&parts->built, change->path, is);
	if (path_is_source(change->path) && !change->added)
		return source_is_out(parts, change->path, is);
	if (path_is_source(change->path))
		return folder_is_unused(parts, change->path, is);
	if (path_is_header(change->path) && !change->added)
		return header_is_unread(&parts->built, change->path, is);
	return 0;
}

static bool keeps_something(const struct parts *parts)
{
	bool keeps = false;

	for (size_t i = 0; i < parts->series->n_changes; i++)
		keeps |= is_kept(parts, i);
	return keeps;
}

void leave_out(struct diag *diag, struct change *change, const char *why)
{
	struct diag_place place = { .file = change->diff, .line = change->line };

	diag_warning(diag, "KS365", &place, "%s (%s)", change->path, why);
	change->ignored = change->left_out = true;
	change->makefile = change->removed = change->added = false;
	change->refused = NULL;
}

static int write_diff(const struct series *series, struct diag *diag, struct diff *diff,
		      struct diff_list *list)
{
	int err = 0;

	diff->counts = false;
	for (size_t e = 0; e < list->n && !err; e++) {
		struct diff_entry *entry = &list->entries[e];
		const char *path = entry_path(entry);
		bool out = false;

		for (size_t i = 0; i < series->n_changes; i++)
			out |= series->changes[i].left_out && path &&
			       !strcmp(series->changes[i].path, path);
		entry->path = out ? NULL : strdup(path ?: "");
		err = out || entry->path ? 0 : -ENOMEM;
		diff->counts |= !out;
	}
	err = err ?: diff_write(list, diff->applied);
	return err ? diag_errno(diag, -err, diff->applied, "write") : 0;
}

static const char *why_unbuilt(const struct change *change)
{
	return change->makefile		      ? "no file of its folder is built"
	       : path_is_header(change->path) ? "no file that is built reads it"
					      : "not built in this configuration";
}

static int leave_out_found(struct parts *parts)
{
	const struct series *series = parts->series;
	bool any = false;
	int err = 0;

	for (size_t i = 0; i < series->n_changes; i++)
		if (parts->out[i]) {
			any = true;
			leave_out(parts->job->diag, &series->changes[i],
				  why_unbuilt(&series->changes[i]));
		}
	for (size_t i = 0; i < series->n_diffs && any && !err; i++)
		err = write_diff(series, parts->job->diag, &series->diffs[i],
				 &parts->texts[i].list);
	return err;
}

int refuse_part(struct diag *diag, const struct change *change, const char *code)
{
	struct diag_place place = { .file = change->diff, .line = change->line };
	int err = diag_error(diag, code, &place, "%s", change->path);

	if (change->refused_line)
		diag_detail(diag, "%s", change->refused_line);
	return err;
}

/*
 * Refuse the parts that are kept but not allowed. The effect of a changed configuration and of
 * changed flags is determined later, if there is anything else for a livepatch.
 */
static int refuse_others(struct parts *parts)
{
	const struct series *series = parts->series;
	bool all = !keeps_something(parts);
	int err = 0;

	for (size_t i = 0; i < series->n_changes; i++)
		all |= series->changes[i].refused && !series->changes[i].kconfig &&
		       !series->changes[i].added;
	for (size_t i = 0; i < series->n_changes && all; i++) {
		const struct change *change = &series->changes[i];

		if (!change->ignored && (change->refused || change->settings))
			err = refuse_part(parts->job->diag, change, change->refused ?: "KS315");
	}
	return err;
}

static int find_parts(struct parts *parts)
{
	const struct series *series = parts->series;
	bool headers = false;
	size_t size;
	int err = unit_index_load(parts->kernel->index, parts->kernel->build_id, &parts->index,
				  parts->job->diag);

	for (size_t i = 0; i < series->n_changes; i++)
		headers |= path_is_header(series->changes[i].path) && !series->changes[i].ignored;
	err = err ?: read_texts(parts);
	if (!err && (err = read_file(parts->kernel->config, &parts->config, &size)))
		diag_errno(parts->job->diag, -err, parts->kernel->config, "read");
	if (!err && headers)
		err = load_header_graph(parts->job, parts->kernel, &parts->index, &parts->graph);
	parts->built = (struct built){ &parts->index, &parts->graph, parts->kernel->source,
				       parts->config };
	for (size_t i = 0; i < series->n_changes && !err; i++) {
		err = find_unbuilt(parts, i);
		if (err == -ENOMEM)
			diag_oom(parts->job->diag);
	}
	return err;
}

static void parts_free(struct parts *parts)
{
	for (size_t i = 0; parts->texts && i < parts->series->n_diffs; i++) {
		diff_list_free(&parts->texts[i].list);
		free(parts->texts[i].text);
	}
	free(parts->texts);
	free(parts->out);
	free(parts->config);
	header_graph_free(&parts->graph);
	unit_index_free(&parts->index);
}

/* Is there more than one part that isn't refused? The only one can't be left out. */
static bool has_several(const struct series *series)
{
	size_t n = 0;

	for (size_t i = 0; i < series->n_changes; i++)
		n += !series->changes[i].ignored;
	return n > 1;
}

int leave_out_parts(struct build *build)
{
	struct parts parts = { .job = &build->job,
			       .kernel = &build->kernel,
			       .series = &build->series,
			       .trees = &build->trees };
	int err = 0;

	if (build->oot.source)
		return 0;
	parts.out = calloc(build->n_changes + 1, sizeof(*parts.out));
	if (!parts.out)
		return diag_oom(build->diag);
	if (has_several(&build->series)) {
		err = find_parts(&parts);
		if (!err)
			keep_needed_parts(&parts);
	}
	if (!err && keeps_something(&parts))
		err = leave_out_found(&parts);
	err = err ?: refuse_others(&parts);
	parts_free(&parts);
	return err;
}

static int note_any(const struct header_edge *edge, void *arg)
{
	*(bool *)arg = true;
	return 1;
}

/* A changed makefile of the folder, or of one above it, lists it, and this configuration doesn't build it. */
static int new_source_is_unbuilt(struct parts *parts, const struct change *change, bool *is)
{
	struct built patched = parts->built;

	patched.source = parts->trees->shadow;
	return change->linked ? 0 : source_is_unbuilt(&patched, change->path, is);
}

static int find_new_unbuilt(struct parts *parts, size_t i)
{
	const struct change *change = &parts->series->changes[i];
	bool included = false;
	int err = 0;

	if (!change->added || change->ignored)
		return 0;
	if (path_is_source(change->path))
		err = new_source_is_unbuilt(parts, change, &parts->out[i]);
	if (!path_is_header(change->path))
		return err ? diag_oom(parts->job->diag) : 0;
	header_graph_includers(&parts->graph, change->path, note_any, &included);
	parts->out[i] = !included;
	return 0;
}

static bool adds_files(const struct series *series)
{
	bool adds = false;

	for (size_t i = 0; i < series->n_changes; i++)
		adds |= series->changes[i].added && !series->changes[i].ignored;
	return adds;
}

static int refuse_new(struct parts *parts)
{
	const struct series *series = parts->series;
	int err = 0;

	for (size_t i = 0; i < series->n_changes; i++)
		if (series->changes[i].added && series->changes[i].refused)
			err = refuse_part(parts->job->diag, &series->changes[i],
					  series->changes[i].refused);
	return err;
}

int leave_out_new_files(struct build *build)
{
	struct parts parts = { .job = &build->job,
			       .kernel = &build->kernel,
			       .series = &build->series,
			       .trees = &build->trees };
	int err = 0;

	if (build->oot.source || !adds_files(&build->series))
		return 0;
	parts.out = calloc(build->n_changes + 1, sizeof(*parts.out));
	if (!parts.out)
		return diag_oom(build->diag);
	err = unit_index_load(build->kernel.index, build->kernel.build_id, &parts.index,
			      build->diag);
	err = err ?: read_texts(&parts);
	err = err ?: load_header_graph(&build->job, &build->kernel, &parts.index, &parts.graph);
	parts.built = (struct built){ .index = &parts.index, .source = build->kernel.source };
	for (size_t i = 0; i < build->n_changes && !err; i++)
		err = find_new_unbuilt(&parts, i);
	if (!err)
		keep_needed_parts(&parts);
	if (!err && keeps_something(&parts))
		err = leave_out_found(&parts);
	err = err ?: refuse_new(&parts);
	parts_free(&parts);
	return err;
}
