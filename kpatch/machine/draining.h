/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task may still run code of a disabled livepatch, where the kernel's
 * transition doesn't look. The core frees code only after the last task has left
 * it, and an object module only after its last reference is dropped. It says in
 * /sys/kernel/klp_split what it waits for: kmod/ABI-sysfs-klp_split.
 */
#ifndef KPATCH_DRAINING_H
#define KPATCH_DRAINING_H

#include <jansson.h>

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/* Is the main module being removed from memory? */
bool livepatch_is_draining(const struct host *host, const char *name);

/*
 * Sentences about the users of the main module (@object: NULL) or of an object module; empty: there
 * are none. 0 or -ENOMEM.
 */
int draining_users(const struct host *host, const char *name, const char *object,
		   struct strvec *users);
/*
 * The same for the main module and all object modules, as details of the problem that was reported
 * last.
 */
void draining_explain(const struct host *host, const char *name);
/* The same for --json: an array with one object per task or holder. */
json_t *draining_json(const struct host *host, const char *name);

#endif
