/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transition completes only when each task has been seen outside of the old
 * functions. One task that sleeps in one of them holds up the transition as long
 * as it sleeps, and an administrator who only reads "transition" can only guess
 * which task. /proc tells which tasks hold it up, where they sleep and since
 * when.
 */
#ifndef KPATCH_HOLDUPS_H
#define KPATCH_HOLDUPS_H

#include <jansson.h>

#include "kpatch/machine/host.h"

/* A task that holds a transition up. */
struct holdup {
	long pid, tid;
	char *comm;
	char *function; /* of the livepatch, in which it sleeps; NULL: none is on its stack, or it
			   is running */
	char *top; /* where it sleeps; NULL: unknown */
	char state; /* as in ps(1): 'D' is uninterruptible sleep; 0: unknown */
	bool kernel_thread; /* no signal from user space reaches it */
	long long asleep_ms; /* since it last ran; -1: it runs, or the kernel doesn't say */
};

struct holdups {
	struct holdup *task;
	size_t n;
};

/* Find the tasks that the transition of livepatch @name has not switched yet. */
int holdups_find(const struct host *host, const char *name, struct holdups *holdups);
void holdups_free(struct holdups *holdups);

/* "cat (70) sleeps in do_it(), …, for 12 s"; malloc()ed, NULL: no memory. */
char *holdup_describe(const struct holdup *task);
/* As details of the problem that was reported last. */
void holdups_explain(const struct host *host, const struct holdups *holdups);
/* The tasks that hold livepatch @name up, for --json; empty if they can't be read. */
json_t *holdups_json(const struct host *host, const char *name);

#endif
