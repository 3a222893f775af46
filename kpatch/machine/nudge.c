// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A task that sleeps in an old function leaves it when a signal arrives. The
 * kernel sends sleeping tasks a signal without a number, but only each 15
 * seconds (kernel/livepatch/transition.c: klp_send_signals(), 6.1), and the
 * file in sysfs that asked for it is gone since 5.1.
 *
 * SIGSTOP and SIGCONT would do the same, but do harm: the parent is notified, a
 * task that was already stopped would run on, and if we die between the two
 * signals, a service stays stopped. So the task is interrupted as a debugger
 * does it (PTRACE_SEIZE, PTRACE_INTERRUPT): its system call ends or restarts,
 * nobody is notified, and whatever happens to us, the kernel lets it run on. A
 * child process does that, because the kernel releases a tracee when its tracer
 * ends, even if it has not stopped yet.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kpatch/machine/holdups.h"
#include "kpatch/machine/nudge.h"

#define STOPS_WITHIN 300 /* ms: a task that has not stopped by then can't be woken */

/* A signal that arrived at the same moment is meant for the task, and is delivered to it. */
static int signal_of(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
}

/* Runs in the child. Returns how many tasks have stopped and were released again. */
static size_t interrupt_all(const struct holdups *holdups)
{
	long long deadline = host_now() + STOPS_WITHIN;
	size_t seized = 0, stopped = 0;
	pid_t tid;
	int status;

	for (size_t i = 0; i < holdups->n; i++) {
		tid = holdups->task[i].tid;
		/* fails for a task with a debugger, which decides when it runs */
		if (holdups->task[i].kernel_thread || ptrace(PTRACE_SEIZE, tid, NULL, NULL))
			continue;
		if (!ptrace(PTRACE_INTERRUPT, tid, NULL, NULL))
			seized++;
	}
	while (stopped < seized && host_now() < deadline) {
		tid = waitpid(-1, &status, __WALL | WNOHANG);
		if (tid < 0)
			break;
		if (!tid) {
			host_sleep(5);
			continue;
		}
		stopped++; /* or ended: it holds nothing up */
		if (WIFSTOPPED(status))
			ptrace(PTRACE_DETACH, tid, NULL, (void *)(long)signal_of(status));
	}
	return stopped;
}

size_t holdups_nudge(const struct holdups *holdups)
{
	int result[2], status;
	size_t stopped = 0;
	pid_t child;

	if (!holdups->n || pipe(result))
		return 0;
	child = fork();
	if (!child) {
		stopped = interrupt_all(holdups);
		if (write(result[1], &stopped, sizeof(stopped)) != sizeof(stopped))
			_exit(1);
		_exit(0);
	}
	close(result[1]);
	if (child > 0) {
		if (read(result[0], &stopped, sizeof(stopped)) != sizeof(stopped))
			stopped = 0;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(result[0]);
	return stopped;
}
