/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that is off may still have a task in its code, where the kernel's
 * transition doesn't look. The core frees no code before the last task has left
 * it, nor before everybody has let go of an object module; it says in
 * /sys/kernel/klp_split who it waits for: kmod/ABI-sysfs-klp_split.
 */
#ifndef KPATCH_DRAINING_H
#define KPATCH_DRAINING_H

#include <jansson.h>

#include "kpatch/machine/host.h"

/* Is the main module on its way out of memory? */
bool livepatch_is_draining(const struct host *host, const char *name);

/* Sentences, of the main module (@object: NULL) or an object module; empty: nobody is in the way.
 * 0 or -ENOMEM. */
int draining_users(const struct host *host, const char *name, const char *object,
		   struct names *users);
/* The same of the main and all object modules, as details of the problem that was reported last. */
void draining_explain(const struct host *host, const char *name);
/* Of a livepatch, for --json: an array with one object per task or holder. */
json_t *draining_json(const struct host *host, const char *name);

#endif
