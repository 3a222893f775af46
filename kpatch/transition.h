/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel turns a livepatch on and off task by task, in its own time.
 * Waiting for that means to know what is waited for, whom, and for how long.
 */
#ifndef KPATCH_TRANSITION_H
#define KPATCH_TRANSITION_H

#include "kpatch/machine/holdups.h"
#include "kpatch/machine/host.h"

/* As the kernel calls where a transition leads. */
enum klp_state { KLP_UNPATCHED, KLP_PATCHED };

/*
 * Wait until livepatch @name is wholly on (or off) and no longer in transition; show who is in
 * the way, and wake them.
 * 0, -ETIMEDOUT (after host->timeout), -EINTR (a signal), -ECANCELED (somebody else turned it
 * round meanwhile), other errors.
 */
int transition_wait(const struct host *host, const char *name, enum klp_state to);

/* Only look on until livepatch @name is not in transition, or gone. 0, -ETIMEDOUT, -EINTR. */
int transition_watch(const struct host *host, const char *name);

/* Wait until no livepatch is in transition. 0, -ETIMEDOUT, -EINTR. */
int transition_wait_for_others(const struct host *host);

#endif
