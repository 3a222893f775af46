/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch can be killed between any two steps. What it leaves then is never half
 * a livepatch in force (that is one step, the kernel's), but may be: a
 * transition that goes on by itself, a main module that is off or replaced and
 * still in memory, modules on disk that nobody needs any more, a list of
 * modprobe's that is not up to date.
 *
 * Each of these can be told from what is right, from the kernel's files alone.
 * So whoever changes something next clears up first.
 */
#ifndef KPATCH_LEFTOVERS_H
#define KPATCH_LEFTOVERS_H

#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/store.h"

/* In memory, off or replaced, and not on its way in. */
bool is_left_in_memory(const struct host *host, const struct livepatch *livepatch);
/* On disk, not installed, and not in memory. */
bool is_left_on_disk(const struct host *host, const struct stored *stored);

/* What can't be removed stays, without a word: `kpatch status` names it. 0 or negative errno. */
int leftovers_remove(struct host *host);

#endif
