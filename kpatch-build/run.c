// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a program, and reports its output if it fails: see run.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/files.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"

#define LOG_LINES 12

/* Where the last LOG_LINES lines begin. */
static const char *tail_of(const char *log)
{
	const char *at = log + strlen(log);
	int lines = 0;

	while (at > log && at[-1] == '\n')
		at--;
	while (at > log && lines < LOG_LINES)
		lines += *--at == '\n';
	return *at == '\n' ? at + 1 : at;
}

/*
 * A compiler's first error is what matters, or the line before make's first "***"; the last lines
 * are from the calling makes.
 */
static const char *first_error(const char *log)
{
	const char *at = strstr(log, " error: ");
	bool is_make = !at;

	if (is_make)
		at = strstr(log, ": *** ");
	if (!at)
		return NULL;
	while (at > log && at[-1] != '\n')
		at--;
	if (is_make && at > log)
		for (at--; at > log && at[-1] != '\n';)
			at--;
	return at;
}

void run_report_log(struct diag *diag, const char *log)
{
	const char *at = log ? first_error(log) ?: tail_of(log) : "";

	for (int lines = 0; *at && lines < LOG_LINES; lines++) {
		size_t n = strcspn(at, "\n");

		if (n)
			diag_detail(diag, "%.*s", (int)n, at);
		at += n + (at[n] == '\n');
	}
	if (log && strstr(log, strerror(ENOSPC)))
		diag_detail(diag, "the disk is full");
}

void run_forget_folder(char *log, const char *folder)
{
	size_t n = folder ? strlen(folder) : 0;

	for (char *at = log; n && at && (at = strstr(at, folder));)
		if (at[n] == '/')
			memmove(at, at + n + 1, strlen(at + n + 1) + 1);
		else
			at += n;
}

char *run_command_text(const char *const *argv)
{
	char *text = NULL, *longer;

	for (; *argv; argv++) {
		longer = text ? format("%s %s", text, *argv) : format("%s", *argv);
		free(text);
		text = longer;
		if (!text)
			return NULL;
	}
	return text;
}

int run(const struct job *job, const char *code, const char *what, const char *cwd,
	const char *const *argv, char **log)
{
	struct process process = { .argv = argv, .cwd = cwd };
	char *text;
	int err;

	text = run_command_text(argv);
	if (job->options.verbose && text)
		progress_detail(job->progress, "%s", text);
	err = process_run(&process);
	if (err == -ECHILD && WIFSIGNALED(process.status))
		diag_error(job->diag, code, NULL, "%s: %s was killed by signal %d", what, argv[0],
			   WTERMSIG(process.status));
	else if (err == -ECHILD)
		diag_error(job->diag, code, NULL, "%s: %s exited with status %d", what, argv[0],
			   WEXITSTATUS(process.status));
	else if (err)
		diag_error(job->diag, code, NULL, "%s: %s can't be run: %s", what, argv[0],
			   strerror(-err));
	if (err) {
		run_forget_folder(process.log, job->work);
		if (text)
			diag_detail(job->diag, "command: %s", text);
		run_report_log(job->diag, process.log);
	} else if (log) {
		*log = process.log;
		process.log = NULL;
	}
	process_end(&process);
	free(text);
	return err;
}

int run_sha256(const struct job *job, const char *path, char **digest)
{
	const char *argv[] = { "sha256sum", "--", path, NULL };
	char *log = NULL, *at;
	int err;

	err = run(job, "KS901", path, NULL, argv, &log);
	if (err)
		return err;
	/* a leading '\' marks a file name with unusual characters */
	at = log && *log == '\\' ? log + 1 : log;
	*digest = at && strspn(at, "0123456789abcdef") == 64 ? strndup(at, 64) : NULL;
	free(log);
	return *digest ? 0 : diag_oom(job->diag);
}
