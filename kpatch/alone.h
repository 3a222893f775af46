/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If two kpatch processes changed the machine at the same time, each would treat the
 * unfinished work of the other as leftovers of an earlier run, and remove it. So only
 * one of them runs at a time. The others wait, but no longer than --timeout says.
 */
#ifndef KPATCH_ALONE_H
#define KPATCH_ALONE_H

#include "kpatch/machine/host.h"

#define KPATCH_LOCK "/run/klp-split.lock"

/*
 * Take the lock. Wait for it until host->timeout is over or a signal arrives. Return a descriptor,
 * which releases the lock when it is closed, or a negative errno, reported.
 */
int become_alone(struct host *host);

/* Does another kpatch hold the lock? False if there is no permission to read the lock file. */
bool is_another_at_work(const struct host *host);

#endif
