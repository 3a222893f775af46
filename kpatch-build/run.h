/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other programs do most of the work. If one fails the user needs the command,
 * the folder and the end of its output, not only "make failed".
 */
#ifndef KPATCH_BUILD_RUN_H
#define KPATCH_BUILD_RUN_H

#include "kpatch-build/build.h"
#include "lib/process.h"

/*
 * Run @argv in @cwd (NULL: ours) and wait for it. If it fails report @code with @what and the end
 * of its output. If @log isn't NULL it gets the output, which the caller frees.
 */
int run(const struct job *job, const char *code, const char *what, const char *cwd,
	const char *const *argv, char **log);

/* Add the end of @log as details to the last problem reported. */
void run_report_log(struct diag *diag, const char *log);

/* Remove "@folder/" from @log: our temporary folders mean nothing to the user. */
void run_forget_folder(char *log, const char *folder);

/* The command @argv as text for messages. Caller frees; NULL if there is not enough memory. */
char *run_command_text(const char *const *argv);

/* SHA-256 of a file as 64 hexadecimal digits; caller frees. */
int run_sha256(const struct job *job, const char *path, char **digest);

#endif
