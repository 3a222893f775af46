/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch is in force only when each task has been seen outside of the old
 * functions. One task asleep in one of them holds up all, for as long as it
 * sleeps; an administrator who is told "transition" and nothing else can only
 * guess which. Who is in the way, and where it sleeps, stands in /proc.
 */
#ifndef KPATCH_TRANSITION_H
#define KPATCH_TRANSITION_H

#include "host.h"

/* A task that holds a transition up. */
struct holdup {
	long pid, tid;
	char *comm;
	char *function; /* of the livepatch, in which it sleeps; NULL: none is on its stack, or it
			   is running */
	char *top; /* where it sleeps; NULL: unknown */
};

struct holdups {
	struct holdup *task;
	size_t n;
};

/* The tasks that are not yet as livepatch @name wants them. */
int transition_holdups(const struct host *host, const char *name, struct holdups *holdups);
void holdups_free(struct holdups *holdups);
/* As details of the problem that was reported last. */
void holdups_explain(const struct host *host, const struct holdups *holdups);

/*
 * Wait, showing progress, until livepatch @name is wholly on (or off) and no longer in transition.
 * 0, -ETIMEDOUT (after host->timeout), -EINTR (a signal), -ECANCELED (somebody else turned it
 * round meanwhile), other errors.
 */
int transition_wait(const struct host *host, const char *name, bool on);

/* Wait until no livepatch is in transition. 0, -ETIMEDOUT, -EINTR. */
int transition_wait_for_others(const struct host *host);

#endif
