/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's livepatch sysfs says whether an object is patched. The core says
 * in /sys/kernel/klp_split whether the code for it is in memory, and if not,
 * why: kmod/ABI-sysfs-klp_split.
 */
#ifndef KPATCH_CORE_SYSFS_H
#define KPATCH_CORE_SYSFS_H

#include "kpatch/machine/host.h"

/* What the core says about an object; empty for vmlinux, and without the core. */
struct core_object {
	char *state; /* state of its object module, a word of the ABI; NULL: unknown */
	char *error; /* why it could not be loaded, a word of the ABI; NULL: no failure */
	long failures; /* how often it was needed and could not be loaded */
};

int core_object_read(const struct host *host, const char *livepatch, const char *object,
		     struct core_object *core);
void core_object_free(struct core_object *core);

/* The meaning of that word, for people; the word itself if it is unknown. */
const char *core_error_text(const char *error);

#endif
