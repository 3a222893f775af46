/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is in force only when each task has been seen outside of the old
 * functions. One task asleep in one of them holds up all, for as long as it
 * sleeps; an administrator who is told "transition" and nothing else can only
 * guess which. Who is in the way, where it sleeps and since when stands in
 * /proc.
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
	char state; /* as ps(1) has it: 'D' is asleep and deaf to signals; 0: unknown */
	bool kernel_thread; /* no signal of a user reaches it */
	long long asleep_ms; /* since it last ran; -1: it runs, or the kernel doesn't say */
};

struct holdups {
	struct holdup *task;
	size_t n;
};

/* The tasks that are not yet as livepatch @name wants them. */
int holdups_find(const struct host *host, const char *name, struct holdups *holdups);
void holdups_free(struct holdups *holdups);

/* "cat (70) sleeps in do_it(), …, for 12 s"; malloc()ed, NULL: no memory. */
char *holdup_describe(const struct holdup *task);
/* As details of the problem that was reported last. */
void holdups_explain(const struct host *host, const struct holdups *holdups);
/* The tasks that hold livepatch @name up, for --json; empty if they can't be read. */
json_t *holdups_json(const struct host *host, const char *name);

#endif
