/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch can be killed between any two steps. It never leaves half a livepatch
 * enabled, as enabling is one step of the kernel. But it may leave: a transition
 * that goes on by itself, a main module that is disabled or replaced and still
 * in memory, modules on disk that are no longer needed, an outdated modules.dep.
 *
 * Each of these can be recognized from the kernel's files alone. So the next
 * kpatch that changes something clears up first.
 */
#ifndef KPATCH_LEFTOVERS_H
#define KPATCH_LEFTOVERS_H

#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/store.h"

/* Is it in memory, disabled or replaced, and not just being loaded? */
bool is_left_in_memory(const struct host *host, const struct livepatch *livepatch);
/* Is it on disk, but neither installed nor in memory? */
bool is_left_on_disk(const struct host *host, const struct stored *stored);

/* What can't be removed stays, without a message: `kpatch status` names it. 0 or negative errno. */
int leftovers_remove(struct host *host);

#endif
