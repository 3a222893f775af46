// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The original of a unit must be what the distribution compiled. So kbuild
 * itself makes it, with exactly the options that it has for this file, once per
 * kernel. It is kept with the command that kbuild recorded, which later
 * compiles the patched unit (compile.c).
 *
 * kbuild writes into the build tree, which all runs share. That part is done
 * under the lock, and the results are moved out at once.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "lib/files.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/paths.h"
#include "lib/strvec.h"
#include "kpatch-build/compile/unit-cache.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "lib/text.h"
#include "lib/temporary.h"

/* The command that is kept must not depend on the launcher of this run. */
static const char *without_launcher(const struct job *job, const char *recorded)
{
	const char *launcher = job->options.launcher;
	size_t n = launcher ? strlen(launcher) : 0;

	return n && !strncmp(recorded, launcher, n) ? recorded + n + strspn(recorded + n, " ")
						    : recorded;
}

/* Move what kbuild made of @unit out of the build tree. The entry appears as a whole. */
static int keep_original(const struct job *job, const struct kernel *kernel,
			 const struct unit *unit)
{
	char *object = path_join(kernel->build, unit->target, NULL);
	char *cmd = recorded_command_path(kernel->build, unit->target), *text = NULL,
	     *recorded = NULL;
	char *temp = NULL, *to = NULL, *command = NULL, *sources = NULL,
	     *parent = strdup(unit->cached);
	struct diag_place place = { .file = unit->source };
	const char *kept;
	size_t size;
	int err;

	err = object && cmd && parent ? read_file(cmd, &text, &size) : -ENOMEM;
	if (!err && !(recorded = command_recorded(text))) {
		err = diag_error(job->diag, "KS327", &place, "%s", cmd);
		goto out;
	}
	if (!err) {
		*strrchr(parent, '/') = '\0';
		err = make_dirs(parent);
	}
	err = err ?: make_temp_dir(kernel->dir, ".unit-", &temp);
	if (!err && (!(to = path_join(temp, "original.o", NULL)) ||
		     !(command = path_join(temp, "command", NULL)) ||
		     !(sources = path_join(temp, "sources", NULL))))
		err = -ENOMEM;
	err = err ?: unit_cache_write_sources(kernel, text, sources);
	err = err ?: rename(object, to) ? -errno : 0;
	kept = without_launcher(job, recorded ?: "");
	err = err ?: write_file_atomic(command, kept, strlen(kept), 0644);
	err = err ?: unlink(cmd) ? -errno : 0;
	err = err ?: remove_tree(unit->cached);
	err = err ?: rename(temp, unit->cached) ? -errno : 0;
	if (err)
		diag_errno(job->diag, -err, unit->cached, "write");
	else
		files_keep(temp);
	if (err && temp)
		remove_tree(temp);
out:
	free(object);
	free(cmd);
	free(text);
	free(recorded);
	free(temp);
	free(to);
	free(command);
	free(sources);
	free(parent);
	return err;
}

/* Report each unit that make failed to make; or all of them together, if make names none. */
static int report_kbuild(const struct kernel *kernel, const struct reached *reached, size_t depth,
			 const bool *done, const struct process *process, struct diag *diag)
{
	size_t named = 0;

	for (size_t i = 0; i < reached->n_units; i++) {
		struct unit *unit = &reached->units[i];
		struct diag_place place = { .file = unit->source };
		char *object = path_join(kernel->build, unit->target, NULL);
		bool missing = !object || !path_exists(object);

		free(object);
		if (done[i] || !missing || path_depth(unit->goal) != depth)
			continue;
		diag_error(diag, "KS325", &place, "kbuild failed");
		if (!named++) /* the log is the same for all of them */
			run_report_log(diag, process->log);
	}
	if (!named) {
		diag_error(diag, "KS325", NULL, "kbuild failed");
		run_report_log(diag, process->log);
	}
	return -EINVAL;
}

/*
 * Make all units of one depth that the cache lacks: none of their folders contains another, so one
 * make can do them all, in parallel. Otherwise it might enter a folder twice at a time.
 */
static int make_units_at(const struct job *job, const struct kernel *kernel,
			 const struct oot_module *oot, const struct reached *reached, size_t depth,
			 bool *done)
{
	struct unit *units = reached->units;
	struct process process = { 0 };
	struct strvec argv = { 0 };
	size_t n = 0;
	int err;

	kbuild_command(job, kernel, oot, &argv);
	strvec_add(&argv, "--keep-going");
	if (job->options.launcher) {
		strvec_addf(&argv, "CC=%s %s", job->options.launcher, kernel->cc);
		/*
		 * distcc's compiler has another name for itself; check_compiler() has checked ours
		 */
		strvec_addf(&argv, "CC_VERSION_TEXT=%s", kernel->cc_version);
	}
	for (size_t i = 0; i < reached->n_units; i++) {
		if (done[i] || path_depth(units[i].goal) != depth)
			continue;
		strvec_add(&argv, units[i].goal);
		n++;
	}
	err = strvec_done(&argv, job->diag);
	if (!err && n) {
		process.argv = argv.list;
		if (process_run(&process))
			err = report_kbuild(kernel, reached, depth, done, &process, job->diag);
		process_end(&process);
		err = err ?: config_is_unchanged(kernel, job->diag);
	}
	for (size_t i = 0; i < reached->n_units; i++) {
		if (done[i] || path_depth(units[i].goal) != depth)
			continue;
		done[i] = true;
		err = err ?: keep_original(job, kernel, &units[i]);
	}
	strvec_free(&argv);
	return err;
}

static int read_command(struct unit *unit, struct diag *diag)
{
	char *path = path_join(unit->cached, "command", NULL);
	size_t size;
	int err;

	err = path ? read_file(path, &unit->command, &size) : -ENOMEM;
	if (err)
		diag_errno(diag, -err, path ?: unit->cached, "read");
	free(path);
	unit->original = path_join(unit->cached, "original.o", NULL);
	return err ?: unit->original ? 0 : diag_oom(diag);
}

int compile_originals(struct build *build)
{
	bool *done = calloc(build->n_units + 1, sizeof(*done));
	size_t missing = 0;
	int err = 0, one;

	if (!done)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_units; i++)
		missing += !(done[i] = unit_is_cached(&build->job, &build->units[i]));
	if (missing && !(err = kernel_lock(&build->job, &build->kernel))) {
		progress_step(build->progress, "compile %zu original unit%s", missing,
			      missing == 1 ? "" : "s");
		for (size_t i = 0; i < build->n_units; i++) /* another run may have been faster */
			done[i] = unit_is_cached(&build->job, &build->units[i]);
		for (size_t i = 0; i < build->n_units; i++) {
			if (done[i])
				continue;
			progress_detail(build->progress, "%s", build->units[i].source);
			one = make_units_at(&build->job, &build->kernel, &build->oot,
					    &build->reached, path_depth(build->units[i].goal),
					    done);
			err = err ?: one;
		}
		kernel_unlock(&build->kernel);
	}
	for (size_t i = 0; i < build->n_units && !err; i++)
		err = build->units[i].command ? 0 : read_command(&build->units[i], build->diag);
	free(done);
	return err;
}
