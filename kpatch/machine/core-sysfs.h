/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's livepatch says whether an object is patched; the core says in
 * /sys/kernel/klp_split whether the code for it is in memory, and why it is not:
 * kmod/ABI-sysfs-klp_split.
 */
#ifndef KPATCH_CORE_SYSFS_H
#define KPATCH_CORE_SYSFS_H

#include "kpatch/machine/host.h"

/* What the core says of an object; all empty for vmlinux, and without the core. */
struct core_object {
	char *state; /* of its object module, a word of the ABI; NULL: nothing is said */
	char *error; /* why the last attempt to load it failed, a word; NULL: it did not */
	long failures; /* how often it was needed and could not be loaded */
};

int core_object_read(const struct host *host, const char *livepatch, const char *object,
		     struct core_object *core);
void core_object_free(struct core_object *core);

/* What that word means, for a person; the word itself if it is a new one. */
const char *core_error_text(const char *error);

#endif
