/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuild, GCC, ld and patch are run as programs. Running one safely means: no
 * shell in between, its output kept for the error message, nothing left running
 * when we are interrupted.
 */
#ifndef KLP_SPLIT_PROCESS_H
#define KLP_SPLIT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *cwd; /* NULL: ours */
	const char *const *env; /* "NAME=value"…, added to ours; NULL-terminated, may be NULL */
	const char *input; /* file for stdin; NULL: /dev/null */
	const char *output; /* file for stdout and stderr; NULL: captured in ->log */
	bool output_is_ours; /* both go to our stderr: a tool that reports its own errors */
	/* filled in: */
	char *log; /* captured output, NUL-terminated; free with process_end() */
	size_t log_size;
	int status; /* as of waitpid() */
	pid_t pid;
	int log_fd; /* private: where the output is captured while it runs */
};

/* Run to the end. 0 if it exited with 0, -ECHILD if not (see ->status), other negative errno if
 * it could not be started. */
int process_run(struct process *process);
/* The two halves, for running several at once. */
int process_start(struct process *process);
int process_wait(struct process *process);
/*
 * The first half for a function of ours, in a child process without a terminal. All that remains of
 * it are the files it has written and its result (0 is success). No member of @process is read.
 */
int process_start_call(struct process *process, int (*call)(void *arg), void *arg);
void process_end(struct process *process);

/*
 * Run @n of them, at most @jobs at a time, until all have ended; @done (may be NULL) is called for
 * each. Returns 0 if all succeeded, else the first error.
 */
int process_run_all(struct process *processes, size_t n, unsigned int jobs,
		    void (*done)(struct process *process, void *arg), void *arg);

/*
 * End all that run, with everything they started, and wait for them; async-signal-safe. For
 * files_cleanup_on_signals(): a folder can be removed only when no process writes into it any more.
 */
void process_end_all(void);

#endif
