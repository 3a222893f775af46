// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The running kernel doesn't have this file: it was never compiled, and no
 * debug information tells what it belongs to. The changed makefile does, but
 * only kbuild can read it. So kbuild compiles this one file in a build tree of
 * this run only, with the patched source. From then on its recorded command is
 * like any other's.
 *
 * Its original is the same file, empty: so all its functions are new code, and
 * everything that is checked for a changed unit (initcalls, changed layouts,
 * klp relocations) is checked for it as well.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "lib/files.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch-build/units/makefile-changes.h"
#include "kpatch-build/units/new-units.h"
#include "kpatch-build/run.h"
#include "lib/text.h"
#include "lib/walk.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/map.h"

static char *build_folder(const struct job *job)
{
	return path_join(job->work, "new-build", NULL);
}

/* For make, existing files are up to date only if they were made by the same command. */
static int rename_trees(const struct kernel *kernel, const struct trees *trees, const char *path,
			const char *to)
{
	char *text = NULL, *half = NULL, *whole = NULL;
	FILE *out = NULL;
	size_t size;
	int err = read_file(path, &text, &size);

	if (err)
		return err;
	if (strstr(text, kernel->source) || strstr(text, kernel->build)) {
		half = text_replace(text, kernel->source, trees->shadow);
		whole = half ? text_replace(half, kernel->build, to) : NULL;
		out = whole ? fopen(path, "we") : NULL;
		if (!out || fputs(whole, out) < 0)
			err = whole ? -errno : -ENOMEM;
		if (out && fclose(out))
			err = err ?: -errno;
	}
	free(whole);
	free(half);
	free(text);
	return err;
}

/* Otherwise all programs of the build would be compiled again. */
static int adopt_build_tree(const struct kernel *kernel, const struct trees *trees, char *tree,
			    struct diag *diag)
{
	char *const roots[] = { tree, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err = fts ? 0 : -errno;

	while (!err && !(err = walk_next(fts, &entry)) && entry)
		if (entry->fts_info == FTS_F && !fnmatch("*.cmd", entry->fts_name, 0))
			err = rename_trees(kernel, trees, entry->fts_path, tree);
	if (fts)
		fts_close(fts);
	return err ? diag_errno(diag, -err, tree, "change") : 0;
}

static int copy_build_tree(const struct job *job, struct kernel *kernel, const struct trees *trees,
			   char *to)
{
	const char *argv[] = { "cp", "-a", "--reflink=auto", kernel->build, to, NULL };
	int err;

	if (path_exists(to))
		return 0;
	err = kernel_lock(job, kernel);
	if (err)
		return err;
	err = run(job, "KS338", "a build tree", NULL, argv, NULL);
	kernel_unlock(kernel);
	return err ?: adopt_build_tree(kernel, trees, to, job->diag);
}

int make_in_shadow(const struct job *job, struct kernel *kernel, const struct oot_module *oot,
		   const struct trees *trees, const char *target, struct process *process,
		   char **tree)
{
	struct kernel in_shadow = *kernel;
	char *own = build_folder(job);
	struct strvec argv = { 0 };
	int err = own ? copy_build_tree(job, kernel, trees, own) : diag_oom(job->diag);

	memset(process, 0, sizeof(*process));
	if (!err) {
		progress_step(job->progress, "ask kbuild about %s", target);
		in_shadow.source = trees->shadow;
		in_shadow.build = own;
		kbuild_command(job, &in_shadow, oot, &argv);
		strvec_add(&argv, target);
		err = strvec_done(&argv, job->diag);
	}
	if (!err) {
		process->argv = argv.list;
		err = process_run(process);
		process->argv = NULL;
		if (err)
			run_forget_folder(process->log, trees->shadow);
	}
	strvec_free(&argv);
	*tree = own;
	return err;
}

/* kbuild compiles it, for what it then has recorded. *@text: the .cmd file. */
static int ask_kbuild(const struct job *job, struct kernel *kernel, const struct oot_module *oot,
		      const struct trees *trees, const char *target, char **text)
{
	struct diag_place place = { .file = target };
	struct process process;
	char *own, *cmd;
	size_t size;
	int err = make_in_shadow(job, kernel, oot, trees, target, &process, &own);

	if (err && err != -ENOMEM) {
		diag_error(job->diag, "KS326", &place, "kbuild failed");
		run_report_log(job->diag, process.log);
	}
	process_end(&process);
	cmd = err ? NULL : recorded_command_path(own, target);
	if (!err && (err = cmd ? read_file(cmd, text, &size) : -ENOMEM))
		diag_errno(job->diag, -err, cmd ?: target, "read");
	free(cmd);
	free(own);
	return err;
}

/* Make the command as if it had been recorded in the kernel's own trees, where it will be run. */
static char *command_of(const struct job *job, const struct kernel *kernel,
			const struct trees *trees, const char *text)
{
	char *recorded = command_recorded(text), *own = build_folder(job);
	char *half = recorded && own ? text_replace(recorded, trees->shadow, kernel->source) : NULL;
	char *whole = half ? text_replace(half, own, kernel->build) : NULL;

	free(half);
	free(own);
	free(recorded);
	return whole;
}

/* "-DKBUILD_MODNAME='"proc"'" → "proc", or vmlinux; caller frees */
static char *object_of(const struct change *change, const char *command)
{
	static const char begin[] = "-DKBUILD_MODNAME='\"";
	const char *at = strstr(command, begin);

	if (change->linked == 'y')
		return strdup(KLP_VMLINUX);
	return at ? strndup(at + strlen(begin), strcspn(at + strlen(begin), "\"")) : NULL;
}

/* Any unit of the object that is already known; NULL: this kernel has no such object. */
static const struct unit_index_entry *known_unit(const struct unit_index *index, const char *object)
{
	for (size_t i = 0; i < index->n_units; i++)
		if (!strcmp(index->units[i].object, object))
			return &index->units[i];
	return NULL;
}

/* A folder may have a makefile, but not be entered with this configuration. */
static bool folder_is_built(const struct unit_index *index, const char *path, const char *object)
{
	size_t n = base_name(path) - path;

	for (size_t i = 0; i < index->n_units; i++)
		if (!strncmp(index->units[i].goal, path, n) &&
		    !strcmp(index->units[i].object, object))
			return true;
	return false;
}

/* Compile the original: the same command with an empty file of the same name. */
static int compile_empty(const struct job *job, const struct kernel *kernel, struct unit *unit,
			 const char *text)
{
	char *original = path_join(unit->cached, "original.o", NULL);
	char *depfile = path_join(unit->dir, "empty.d", NULL);
	char *empty = path_join(unit->dir, base_name(unit->source), NULL);
	char *source = path_join(kernel->source, unit->source, NULL);
	struct command_paths paths = {
		kernel->source, kernel->source, unit->goal, original, depfile,
	};
	struct command command = { 0 };
	int err = original && depfile && empty && source ? 0 : -ENOMEM;

	err = err ?: write_file_atomic(empty, "", 0, 0644);
	err = err ?: command_parse(text, &paths, &command);
	for (size_t step = 0; step < command.n && !err; step++)
		err = strvec_replace(&command.steps[step], source, empty);
	if (err)
		diag_errno(job->diag, -err, unit->dir, "prepare");
	for (size_t step = 0; step < command.n && !err; step++)
		err = run(job, "KS325", unit->source, kernel->build, command.steps[step].list,
			  NULL);
	command_free(&command);
	free(source);
	free(empty);
	free(depfile);
	free(original);
	return err;
}

static int add_unit(struct build *build, struct change *change, const char *object,
		    const char *file, const char *command)
{
	struct unit_index_entry entry = { change->path, object, file, change->path };
	struct unit *unit;
	char *path;
	int err = map_unit(&build->job, &build->kernel, &build->oot, &build->reached, &entry);

	if (err)
		return err;
	unit = &build->units[build->n_units - 1];
	free(unit->cached);
	unit->cached = path_join(unit->dir, "new", NULL);
	unit->added = true;
	path = unit->cached ? path_join(unit->cached, "command", NULL) : NULL;
	err = path ? make_dirs(unit->cached)
			      ?: write_file_atomic(path, command, strlen(command), 0644)
		   : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, unit->dir, "write");
	free(path);
	return err ?: compile_empty(&build->job, &build->kernel, unit, command);
}

static int add_new_unit(struct build *build, const struct unit_index *index, struct change *change)
{
	struct diag_place place = { .file = change->path };
	char *target = strdup(change->path), *text = NULL, *command = NULL, *object = NULL;
	const struct unit_index_entry *known = NULL;
	int err = target ? 0 : diag_oom(build->diag);

	if (!err && change->linked == 'y' && !folder_is_built(index, change->path, KLP_VMLINUX))
		err = diag_error(build->diag, "KS338", &place,
				 "vmlinux contains no object of its folder");
	if (!err) {
		target[strlen(target) - 1] = 'o';
		err = ask_kbuild(&build->job, &build->kernel, &build->oot, &build->trees, target,
				 &text);
	}
	if (!err) {
		command = command_of(&build->job, &build->kernel, &build->trees, text);
		object = command ? object_of(change, command) : NULL;
		known = object ? known_unit(index, object) : NULL;
		if (!object)
			err = diag_error(build->diag, "KS327", &place, "%s", target);
		else if (!known)
			err = diag_error(build->diag, "KS338", &place,
					 "this kernel has no module %s", object);
	}
	err = err ?: add_unit(build, change, object, known->file, command);
	free(object);
	free(command);
	free(text);
	free(target);
	return err;
}

int map_new_units(struct build *build)
{
	struct unit_index index = { 0 };
	int err;

	err = check_makefiles(&build->job, &build->kernel, &build->series, &build->trees);
	for (size_t i = 0; i < build->n_changes && !err; i++) {
		struct change *change = &build->changes[i];

		if (!change->linked || change->removed)
			continue;
		if (!index.data)
			err = unit_index_load(build->kernel.index, build->kernel.build_id, &index,
					      build->diag);
		err = err ?: add_new_unit(build, &index, change);
	}
	unit_index_free(&index);
	return err;
}
