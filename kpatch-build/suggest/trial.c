// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A suggestion is worth nothing before it was checked, by the same passes as any diff.
 * They leave their results in one struct build, and stop where they can't go on. So
 * each trial is a process of its own, as with several kernels (many-kernels.c), and
 * reports as JSON.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/suggest/trial.h"
#include "lib/process.h"
#include "lib/text.h"

static bool is_diff(const struct options *options, const char *argument)
{
	for (size_t i = 0; i < options->n_given; i++)
		if (options->given[i] == argument)
			return true;
	return false;
}

int trial_command(const struct job *job, char **argv, const char *const *first, const char *diff,
		  struct strvec *command)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return diag_errno(job->diag, errno, "/proc/self/exe", "read");
	self[n] = '\0';
	strvec_add(command, self);
	for (; first && *first; first++)
		strvec_add(command, *first);
	for (argv++; *argv; argv++)
		if (!is_diff(&job->options, *argv) && strcmp(*argv, "--") &&
		    !str_starts(*argv, "--sug"))
			strvec_add(command, *argv);
	strvec_add(command, "--");
	for (size_t i = 0; i < job->options.n_given && !diff; i++)
		strvec_add(command, job->options.given[i]);
	if (diff)
		strvec_add(command, diff);
	return strvec_done(command, job->diag);
}

int trial_run(const struct job *job, char **argv, const char *diff, json_t **result)
{
	char *path = path_join(job->work, "trial.json", NULL);
	char *tmpdir = format("TMPDIR=%s", job->work), *option = format("--result=%s", path ?: "");
	const char *const first[] = { "--check", option, NULL };
	const char *env[] = { tmpdir, NULL };
	struct process process = { .env = env };
	struct strvec command = { 0 };
	int err = path && tmpdir && option ? 0 : diag_oom(job->diag);

	err = err ?: trial_command(job, argv, first, diff, &command);
	if (!err) {
		unlink(path);
		process.argv = command.list;
		err = process_run(&process);
		err = err == -ECHILD ? 0 : err;
		if (err)
			diag_errno(job->diag, -err, command.list[0], "run");
	}
	if (!err) {
		*result = json_load_file(path, 0, NULL);
		if (!*result)
			err = diag_error(job->diag, "KS395", NULL,
					 "the run that checks %s died: %s", diff,
					 process.log ?: "");
	}
	process_end(&process);
	strvec_free(&command);
	free(option);
	free(tmpdir);
	free(path);
	return err;
}
