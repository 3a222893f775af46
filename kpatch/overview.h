/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel knows what is in memory, the disk what is loaded at the next boot,
 * and a note what went wrong at the last boot. An administrator has one
 * question: what is the state of this livepatch? Here the three become one list.
 */
#ifndef KPATCH_OVERVIEW_H
#define KPATCH_OVERVIEW_H

#include "lib/strvec.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/store.h"
#include "kpatch/tries.h"

struct entry {
	const char *name;
	const struct livepatch *memory; /* NULL: not in memory */
	const struct stored *stored; /* NULL: no files where modprobe looks */
	const char *replaced_by; /* replaced by this one, which was loaded later and is enabled */
	/* not in memory: what it changes and no enabled livepatch does: contents.h */
	struct strvec lost;
	struct try try;
};

struct overview {
	struct livepatches memory;
	struct store store;
	struct entry *entry; /* in memory, the newest first; then those that are not */
	size_t n;
};

/* 0 or -ENOMEM. */
int overview_read(const struct host *host, struct overview *overview);
void overview_free(struct overview *overview);

bool entry_is_installed(const struct entry *entry);
/* "enabled", …, "not loaded", "replaced", "left over" */
const char *entry_state(const struct entry *entry);
/* The build of @object that it was made for; NULL: not known. */
const char *entry_built_for(const struct entry *entry, const char *object);

#endif
