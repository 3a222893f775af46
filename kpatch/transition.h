/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel enables and disables a livepatch task by task, in its own time.
 * While kpatch waits, it must know for what, for which tasks, and how long.
 */
#ifndef KPATCH_TRANSITION_H
#define KPATCH_TRANSITION_H

#include "kpatch/machine/holdups.h"
#include "kpatch/machine/host.h"

/* The target state of a transition, by the kernel's names. */
enum klp_state { KLP_UNPATCHED, KLP_PATCHED };

/*
 * Wait until livepatch @name is completely enabled (or disabled) and no longer in transition; show
 * the tasks that hold it up, and wake them. 0, -ETIMEDOUT (after host->timeout), -EINTR (a signal),
 * -ECANCELED (somebody else reversed it meanwhile), other errors.
 */
int transition_wait(const struct host *host, const char *name, enum klp_state to);

/*
 * Wait until livepatch @name is not in transition, or gone, without waking tasks. 0, -ETIMEDOUT,
 * -EINTR.
 */
int transition_watch(const struct host *host, const char *name);

/* Wait until no livepatch is in transition. 0, -ETIMEDOUT, -EINTR. */
int transition_wait_for_others(const struct host *host);

#endif
