// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/trial.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "lib/temporary.h"
#include "lib/diag-json.h"
#include "lib/text.h"

/* Errors that another fix may take away, if it is applied before. */
static const struct {
	const char *code;
	const char *why;
} misfits[] = {
	{ "KS146", "another fix may define the symbol" },
	{ "KS317", "another fix may list the new file in a makefile, or include it" },
	{ "KS320", "another fix may add the file" },
	{ "KS323", "another fix may change the lines around" },
	{ "KS324", "another fix may add the file" },
	{ "KS326", "another fix may declare what is missing" },
	{ "KS329", "another fix may have taken the change back" },
};

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

const json_t *trial_error(const struct trial *trial)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(trial->result, "diagnostics"), i, row)
		if (!strcmp(text_of(row, "severity"), "error") &&
		    !json_object_get(row, "caused_by"))
			return row;
	return NULL;
}

static bool is_misfit(const struct trial *trial)
{
	const char *code = text_of(trial_error(trial), "code");

	for (size_t i = 0; i < ARRAY_SIZE(misfits); i++)
		if (!strcmp(misfits[i].code, code))
			return true;
	return false;
}

static enum verdict verdict_of(const struct trial *trial)
{
	const char *result = text_of(trial->result, "result");
	const char *not_affected = text_of(trial->result, "not_affected");

	if (!strcmp(result, "built") || !strcmp(result, "checked"))
		return VERDICT_GOOD;
	if (!strcmp(result, "unchanged"))
		return json_is_true(json_object_get(trial->result, "is_there")) ? VERDICT_NOT_NEEDED
										: VERDICT_UNCHANGED;
	if (!strcmp(result, "refused") && *not_affected)
		return VERDICT_NOT_NEEDED;
	if (!strcmp(result, "refused"))
		return is_misfit(trial) ? VERDICT_MISFIT : VERDICT_REFUSED;
	return VERDICT_ERROR;
}

/* A run that died has no document: what it printed is all there is. */
static json_t *died(const struct process *process)
{
	struct diag *diag = diag_new("kpatch-build");
	json_t *result = NULL;

	if (!diag)
		return NULL;
	diag_error(diag, "KS396", NULL,
		   WIFSIGNALED(process->status) ? "it died of signal %d"
						: "it ended with status %d",
		   WIFSIGNALED(process->status) ? WTERMSIG(process->status)
						: WEXITSTATUS(process->status));
	run_report_log(diag, process->log);
	result = json_pack("{s:s, s:i, s:o}", "result", "error", "exit", 1, "diagnostics",
			   diag_to_json(diag));
	diag_free(diag);
	return result;
}

/* A process that is being prepared, or has run. */
struct run {
	struct process process;
	struct strvec argv;
	const char *env[2];
	char *tmpdir, *dir, *file, *result;
	const char **diffs;
};

static int collect_diffs(const struct each *each, const bool *in, struct run *run, size_t *n)
{
	bool *placed = calloc(each->fixes.n + 1, sizeof(*placed));

	*n = 0;
	run->diffs = calloc(each->fixes.n + 1, sizeof(*run->diffs));
	if (!placed || !run->diffs) {
		free(placed);
		return diag_oom(each->build->diag);
	}
	for (size_t i = 0; i < each->n_order; i++) {
		placed[each->order[i]] = true;
		if (in[each->order[i]])
			run->diffs[(*n)++] = each->fixes.list[each->order[i]].path;
	}
	for (size_t i = 0; i < each->fixes.n; i++)
		if (in[i] && !placed[i])
			run->diffs[(*n)++] = each->fixes.list[i].path;
	free(placed);
	return 0;
}

static int prepare_run(struct each *each, enum part_kind kind, const bool *in, unsigned int jobs,
		       const json_t *rows, struct run *run)
{
	const struct job *job = &each->build->job;
	struct part part = { kind, NULL,	0,    each->name,
			     NULL, each->store, jobs, job->options.max_units,
			     rows };
	int err;

	run->dir = format("%s/trial-%zu", job->work, each->n_trials++);
	run->tmpdir = format("TMPDIR=%s", job->work);
	if (!run->dir || !run->tmpdir)
		return diag_oom(job->diag);
	err = collect_diffs(each, in, run, &part.n_diffs);
	if (err)
		return err;
	part.diffs = run->diffs;
	part.max_units *= part.n_diffs ?: 1; /* each of them may reach so many */
	part.dir = run->dir;
	run->result = part_result(&part);
	run->file = part_write(job, &part);
	if (!run->file)
		return -EIO; /* reported */
	strvec_add(&run->argv, each->self);
	strvec_addf(&run->argv, "--each-part=%s", run->file);
	for (char **argument = each->arguments; *argument; argument++)
		strvec_add(&run->argv, *argument);
	/* --keep: the files of the last one outlive us */
	run->env[0] = job->options.keep && kind == PART_LAST ? NULL : run->tmpdir;
	run->process.argv = run->argv.list;
	run->process.env = run->env;
	run->process.output_is_ours = kind == PART_LAST;
	return run->result ? strvec_done(&run->argv, job->diag) : diag_oom(job->diag);
}

static int read_trial(const struct each *each, const struct run *run, struct trial *trial)
{
	trial->result = json_load_file(run->result, 0, NULL) ?: died(&run->process);
	if (!trial->result)
		return diag_oom(each->build->diag);
	trial->verdict = verdict_of(trial);
	return 0;
}

static void end_run(struct run *run)
{
	process_end(&run->process);
	strvec_free(&run->argv);
	if (run->dir)
		remove_tree(run->dir);
	free(run->tmpdir);
	free(run->dir);
	free(run->file);
	free(run->result);
	free(run->diffs);
}

int try_fixes(struct each *each, enum part_kind kind, const bool *in, const json_t *rows,
	      struct trial *trial)
{
	struct build *build = each->build;
	struct run run = { 0 };
	int err = prepare_run(each, kind, in, build->options.jobs, rows, &run);

	if (!err) {
		err = process_run(&run.process);
		if (err && err != -ECHILD)
			diag_errno(build->diag, -err, each->self, "run");
		else
			err = read_trial(each, &run, trial);
	}
	end_run(&run);
	return err;
}

/* All CPUs are busy with one job for each process, unless there are fewer fixes than CPUs. */
static unsigned int jobs_of_each(const struct each *each, unsigned int at_a_time)
{
	return (each->build->options.jobs + at_a_time - 1) / at_a_time;
}

static int run_all(struct each *each, struct run *runs, struct trial *trials,
		   unsigned int at_a_time)
{
	struct process *processes = calloc(each->fixes.n + 1, sizeof(*processes));
	int err = 0;

	if (!processes)
		return diag_oom(each->build->diag);
	for (size_t i = 0; i < each->fixes.n; i++)
		processes[i] = runs[i].process;
	process_run_all(processes, each->fixes.n, at_a_time, NULL, NULL);
	for (size_t i = 0; i < each->fixes.n; i++) {
		runs[i].process = processes[i];
		err = err ?: read_trial(each, &runs[i], &trials[i]);
	}
	free(processes);
	return err;
}

int try_all_alone(struct each *each, struct trial *trials)
{
	size_t n = each->fixes.n;
	unsigned int at_a_time = n < each->build->options.jobs ? n : each->build->options.jobs;
	struct run *runs = calloc(n + 1, sizeof(*runs));
	bool *in = calloc(n + 1, sizeof(*in));
	int err = runs && in ? 0 : diag_oom(each->build->diag);

	for (size_t i = 0; i < n && !err; i++) {
		in[i] = true;
		err = prepare_run(each, PART_CHECK, in, jobs_of_each(each, at_a_time), NULL,
				  &runs[i]);
		in[i] = false;
	}
	err = err ?: run_all(each, runs, trials, at_a_time);
	for (size_t i = 0; runs && i < n; i++)
		end_run(&runs[i]);
	free(runs);
	free(in);
	return err;
}

void trial_end(struct trial *trial)
{
	json_decref(trial->result);
	trial->result = NULL;
}
