// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs create-diff-object for each unit, all in parallel. Each run reports its
 * problems as JSON; they are shown together at the end of the pass, so that the
 * author of a diff sees all of them at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/changed-words.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/result.h"
#include "lib/text.h"

/* create-diff-object's exit codes, as in its manual. */
enum { DIFFER_CHANGED = 0, DIFFER_FAILED = 1, DIFFER_REFUSED = 2, DIFFER_SAME = 3 };

/*
 * With IBT or LTO kbuild runs objtool only on linked modules, including ours. If a unit is a module
 * by itself, it runs at once (scripts/Makefile.lib: delay-objtool, 6.12).
 */
static bool objtool_follows(const struct unit *unit)
{
	const char *objtool = strstr(unit->command, "/objtool ");

	return objtool && strstr(objtool, " --link ");
}

static int differ_argv(const struct job *job, const struct kernel *kernel,
		       const struct trees *trees, const struct reached *reached,
		       const struct unit *unit, struct strvec *argv)
{
	const struct object *object = build_find_object(reached, unit->object);

	if (job->tools)
		strvec_addf(argv, "%s/create-diff-object", job->tools);
	else
		strvec_add(argv, "create-diff-object");
	strvec_add(argv, "--object");
	strvec_add(argv, object->name);
	strvec_add(argv, "--object-file");
	strvec_add(argv, object->symbols);
	strvec_add(argv, "--symvers");
	strvec_add(argv, kernel->symvers);
	strvec_add(argv, "--json");
	strvec_addf(argv, "%s/unit.json", unit->dir);
	if (job->options.assume_changed) {
		strvec_add(argv, "--assume-changed");
		strvec_add(argv, job->options.assume_changed);
	}
	for (size_t i = 0; i < reached->n_called; i++) {
		if (strcmp(reached->called[i].object, unit->object))
			continue;
		strvec_add(argv, "--callers-of");
		strvec_add(argv, reached->called[i].name);
	}
	strvec_add(argv, "--lines");
	strvec_add(argv, trees->line_map_file);
	strvec_add(argv, "--words");
	strvec_add(argv, trees->words_file);
	for (size_t i = 0; i < reached->n_moved; i++) {
		if (&reached->units[reached->moved[i].to] != unit)
			continue;
		strvec_add(argv, "--moved");
		strvec_addf(argv, "%s=%s", reached->moved[i].name,
			    reached->units[reached->moved[i].from].original);
	}
	if (unit->names) {
		strvec_add(argv, "--names");
		strvec_add(argv, unit->names);
	}
	if (objtool_follows(unit))
		strvec_add(argv, "--objtool-follows");
	strvec_add(argv, "-o");
	strvec_addf(argv, "%s/out.o", unit->dir);
	strvec_add(argv, unit->original);
	strvec_add(argv, unit->patched);
	return strvec_done(argv, job->diag);
}

/* Read its report about the unit; its diagnostics become ours. */
static int take_report(struct unit *unit, struct diag *diag)
{
	char *path = path_join(unit->dir, "unit.json", NULL), wrong[80];
	int err = path ? result_load(path, unit->source, &unit->result, wrong, sizeof(wrong))
		       : diag_oom(diag);

	free(path);
	if (err == -EPROTO)
		diag_error(diag, "KS328", &(struct diag_place){ .file = unit->source },
			   "'%s' is invalid in its result", wrong);
	return err ?: diag_from_json(diag, json_object_get(unit->result->json, "diagnostics"));
}

static int take_result(struct unit *unit, const struct process *process, struct diag *diag)
{
	struct diag_place place = { .file = unit->source };
	size_t errors = diag_errors(diag);
	int code = WIFEXITED(process->status) ? WEXITSTATUS(process->status) : -1;
	int err = take_report(unit, diag);

	if (err == -EPROTO)
		return err;
	if (code == DIFFER_CHANGED && !err) {
		unit->changed = path_join(unit->dir, "out.o", NULL);
		return unit->changed ? 0 : diag_oom(diag);
	}
	if (code == DIFFER_SAME)
		return 0;
	if ((code == DIFFER_REFUSED || code == DIFFER_FAILED) && diag_errors(diag) > errors)
		return -EINVAL;
	err = diag_error(diag, "KS328", &place, "create-diff-object exited with status %d", code);
	run_report_log(diag, process->log);
	return err;
}

/* With the files that --keep leaves, the command can be run again by hand. */
static void tell_command(const struct job *job, const struct strvec *argv)
{
	char *text = run_command_text(argv->list);

	if (text)
		progress_detail(job->progress, "%s", text);
	free(text);
}

int diff_units(struct build *build)
{
	struct process *processes = calloc(build->n_units + 1, sizeof(*processes));
	struct unit **units = calloc(build->n_units + 1, sizeof(*units));
	struct strvec *argvs = calloc(build->n_units + 1, sizeof(*argvs));
	size_t n = 0;
	int err = processes && units && argvs ? 0 : diag_oom(build->diag), one;

	err = err ?: write_changed_words(&build->job, &build->series, &build->trees);
	for (size_t i = 0; i < build->n_units && !err; i++) {
		if (build->units[i].unaffected)
			continue;
		err = differ_argv(&build->job, &build->kernel, &build->trees, &build->reached,
				  &build->units[i], &argvs[n]);
		processes[n].argv = argvs[n].list;
		units[n++] = &build->units[i];
	}
	if (!err && n) {
		progress_step(build->progress, "compare %zu unit%s", n, n == 1 ? "" : "s");
		for (size_t i = 0; i < n && build->options.verbose; i++)
			tell_command(&build->job, &argvs[i]);
		process_run_all(processes, n, build->options.jobs, NULL, NULL);
		for (size_t i = 0; i < n; i++) {
			one = take_result(units[i], &processes[i], build->diag);
			err = err ?: one;
			process_end(&processes[i]);
		}
	}
	for (size_t i = 0; argvs && i < n; i++)
		strvec_free(&argvs[i]);
	free(argvs);
	free(units);
	free(processes);
	return err;
}
