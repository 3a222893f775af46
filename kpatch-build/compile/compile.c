// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Original and patched unit must differ by the diff alone. So the patched one
 * is compiled by the same command that kbuild recorded for the original
 * (originals.c), with another root of the source. The roots are left out of all
 * strings (-fmacro-prefix-map comes from kbuild, -fdebug-prefix-map from us),
 * so both are compiled "in" the same tree. The commands write only into the
 * run's own folder.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/compile/compile.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "kpatch-build/run.h"
#include "kpatch-build/compile/folders.h"
#include "kpatch-build/compile/numbered-commands.h"
#include "kpatch-build/compile/patched-store.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"

int add_author_folder(const struct job *job, struct command *command)
{
	char *folder = path_join(job->data, "templates", NULL);
	int err = folder ? command_add_word(command, 0, "-idirafter") : -ENOMEM;

	err = err ?: command_add_word(command, 0, folder);
	free(folder);
	return err;
}

/* The launcher is for the compiler only, not for objtool, which runs after it. */
static int add_launcher(const struct job *job, struct command *command)
{
	char *copy = strdup(job->options.launcher ?: ""), *rest = copy, *word;
	size_t at = 0;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (word = strsep(&rest, " ")))
		if (*word)
			err = command_insert_word(command, 0, at++, word);
	free(copy);
	return err;
}

static int parse_commands(const struct job *job, const struct trees *trees,
			  const struct reached *reached, struct command *commands)
{
	int err = 0;

	for (size_t i = 0; i < reached->n_units && !err; i++) {
		struct unit *unit = &reached->units[i];
		struct diag_place place = { .file = unit->source };
		char *depfile = unit->compiled ? NULL : path_join(unit->dir, "patched.d", NULL);
		struct command_paths paths = {
			trees->original, trees->numbered, unit->goal, unit->patched, depfile,
		};

		if (unit->compiled)
			continue;
		err = depfile ? command_parse(unit->command, &paths, &commands[i]) : -ENOMEM;
		err = err ?: add_launcher(job, &commands[i]);
		err = err ?: add_author_folder(job, &commands[i]);
		err = err ?: add_numbered_flags(&commands[i]);
		if (err == -ENOMEM)
			diag_oom(job->diag);
		else if (err)
			diag_error(job->diag, "KS327", &place, "%.200s…", unit->command);
		free(depfile);
	}
	return err;
}

/* What compiler and assembler print if the source isn't the cause. */
static const char *const machine_faults[] = {
	"No space left on device", "File too large", "Disk quota exceeded",
	"Cannot allocate memory",  "out of memory",  "signal terminated program",
};

static bool is_machine_fault(const struct process *process)
{
	bool is = WIFSIGNALED(process->status);

	for (size_t i = 0; i < ARRAY_SIZE(machine_faults) && !is; i++)
		is = process->log && strstr(process->log, machine_faults[i]);
	return is;
}

void report_compiler(const struct job *job, const struct trees *trees, const char *source,
		     struct process *process)
{
	struct diag_place place = { .file = source };

	if (WIFSIGNALED(process->status))
		diag_error(job->diag, "KS934", &place, "%s was killed by signal %d",
			   process->argv[0], WTERMSIG(process->status));
	else
		diag_error(job->diag, is_machine_fault(process) ? "KS934" : "KS326", &place,
			   "%s exited with status %d", process->argv[0],
			   WEXITSTATUS(process->status));
	use_plain_messages(job, trees, process);
	run_report_log(job->diag, process->log);
}

/* The stock kernel's units have hardly any warnings: so one is about the diff. */
static void pass_warnings_on(const struct job *job, const struct trees *trees, const char *source,
			     struct process *process)
{
	struct diag_place place = { .file = source };

	if (!process->log || !strstr(process->log, "warning: "))
		return;
	use_plain_messages(job, trees, process);
	if (!process->log || !strstr(process->log, "warning: "))
		return; /* about the line numbers */
	diag_warning(job->diag, "KS371", &place, "%s", process->argv[0]);
	run_report_log(job->diag, process->log);
}

/*
 * Run step number @step of every unit's command (GCC, then objtool), in parallel. @silent: for each
 * unit, has nothing been printed?
 */
static int run_step(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		    const struct reached *reached, const struct command *commands, size_t step,
		    size_t *n, bool *silent)
{
	struct process *processes = calloc(reached->n_units, sizeof(*processes));
	const struct unit **units = calloc(reached->n_units, sizeof(*units));
	int err = 0;

	*n = 0;
	if (!processes || !units) {
		free(processes);
		free(units);
		return diag_oom(job->diag);
	}
	for (size_t i = 0; i < reached->n_units; i++) {
		if (step >= commands[i].n)
			continue;
		processes[*n].argv = commands[i].steps[step].list;
		processes[*n].cwd = kernel->build;
		units[(*n)++] = &reached->units[i];
	}
	if (*n)
		err = process_run_all(processes, *n, job->options.jobs, NULL, NULL);
	for (size_t i = 0; i < *n; i++) {
		if (err && processes[i].status)
			report_compiler(job, trees, units[i]->source, &processes[i]);
		else if (!err)
			pass_warnings_on(job, trees, units[i]->source, &processes[i]);
		silent[units[i] - reached->units] &= !processes[i].log_size;
		process_end(&processes[i]);
	}
	if (err && !diag_errors(job->diag))
		diag_errno(job->diag, -err, job->options.launcher ?: kernel->cc, "run");
	free(processes);
	free(units);
	return err;
}

/* leave_out_parts() was wrong: the compiler read the original of the file, and the diffs change it. */
static int refuse_left_out(const struct unit *unit, const struct change *change, struct diag *diag)
{
	struct diag_place place = { .file = unit->source };

	return diag_error(diag, "KS366", &place, "%s", change->path);
}

/* Does a diff change this file of a list that the compiler wrote? */
static int mark_change(const struct series *series, const struct trees *trees,
		       const struct unit *unit, const char *file, bool *read, struct diag *diag)
{
	char *path = path_without_dots(file);
	size_t n = strlen(trees->numbered);
	int err = 0;

	if (!path)
		return diag_oom(diag);
	for (size_t i = 0; i < series->n_changes; i++) {
		struct change *change = &series->changes[i];

		if (!strncmp(path, trees->numbered, n) && path[n] == '/' &&
		    !strcmp(path + n + 1, change->path)) {
			change->reached = true;
			*read = true;
			if (change->left_out)
				err = refuse_left_out(unit, change, diag);
		}
	}
	free(path);
	return err;
}

/* Has the compiler read any changed file for @unit, according to the list that it wrote? */
static int unit_reads_changes(const struct series *series, const struct trees *trees,
			      struct unit *unit, bool *read, struct diag *diag)
{
	char *path = path_join(unit->dir, "patched.d", NULL), *text = NULL, *rest, *file;
	size_t size;
	int err;

	err = path ? read_file(path, &text, &size) : -ENOMEM;
	if (err)
		diag_errno(diag, -err, path ?: unit->dir, "read");
	for (rest = text; !err && (file = strsep(&rest, " \\\n"));)
		err = *file ? mark_change(series, trees, unit, file, read, diag) : 0;
	free(text);
	free(path);
	return err;
}

/*
 * The text search also finds units that include a file under a condition that isn't met: drop
 * those.
 */
static int keep_affected(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_units && !err; i++) {
		bool read = false;

		err = unit_reads_changes(&build->series, &build->trees, &build->units[i], &read,
					 build->diag);
		build->units[i].unaffected = !read && !build->units[i].calls;
	}
	for (size_t i = 0; i < build->n_changes && !err && !build->partial; i++) {
		struct diag_place place = { .file = build->changes[i].path };

		if (build->changes[i].reached || build->changes[i].ignored)
			continue;
		if (build->changes[i].added && fnmatch("*.h", build->changes[i].path, 0))
			diag_error(build->diag, "KS317", &place, "%s", build->kernel.release);
		else
			diag_error(build->diag, "KS320", &place, "no unit of %s reads it",
				   build->kernel.release);
	}
	return err
		       ?: diag_has(build->diag, "KS320") || diag_has(build->diag, "KS317") ? -EINVAL
											   : 0;
}

/* Units that an earlier run of --each has compiled need no command; returns the number of others. */
static size_t take_stored(struct build *build, struct command *commands)
{
	size_t left = 0;

	for (size_t i = 0; i < build->n_units; i++) {
		if (commands[i].n && patched_store_find(build, &build->units[i]))
			command_free(&commands[i]);
		left += commands[i].n > 0;
	}
	return left;
}

static int run_commands(struct build *build, struct command *commands)
{
	bool *silent = malloc(build->n_units + 1);
	size_t n = take_stored(build, commands);
	int err =
		silent ? open_command_folders(&build->trees, build->diag, commands, build->n_units)
		       : diag_oom(build->diag);

	if (n)
		progress_step(build->progress, "compile %zu patched unit%s", n, n == 1 ? "" : "s");
	for (size_t i = 0; silent && i < build->n_units; i++)
		silent[i] = true;
	for (size_t step = 0; n && !err; step++)
		err = run_step(&build->job, &build->kernel, &build->trees, &build->reached,
			       commands, step, &n, silent);
	for (size_t i = 0; i < build->n_units && !err && build->options.store; i++)
		if (commands[i].n && silent[i])
			patched_store_keep(build, &build->units[i]);
	free(silent);
	return err;
}

int compile_patched(struct build *build)
{
	struct command *commands = calloc(build->n_units + 1, sizeof(*commands));
	int err;

	if (!commands)
		return diag_oom(build->diag);
	err = parse_commands(&build->job, &build->trees, &build->reached, commands);
	err = err ?: run_commands(build, commands);
	err = err ?: keep_affected(build);
	for (size_t i = 0; i < build->n_units; i++) {
		build->units[i].compiled = !err;
		command_free(&commands[i]);
	}
	free(commands);
	return err;
}
