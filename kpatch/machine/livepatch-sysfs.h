/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says about its livepatches: Documentation/ABI/testing/
 * sysfs-kernel-livepatch. The kernel's files are the only truth: nothing is
 * remembered between two runs, so nothing can disagree with the kernel.
 */
#ifndef KPATCH_LIVEPATCH_SYSFS_H
#define KPATCH_LIVEPATCH_SYSFS_H

#include "lib/strvec.h"
#include "kpatch/machine/core-sysfs.h"
#include "kpatch/machine/host.h"

enum livepatch_state {
	LIVEPATCH_ENABLED,
	LIVEPATCH_ENABLING,
	LIVEPATCH_DISABLING,
	LIVEPATCH_DISABLED, /* disabled, its module still registered */
	LIVEPATCH_DRAINING, /* disabled, and being removed from memory: draining.h */
	LIVEPATCH_UNUSED, /* replaced or disabled: only its module is still in memory */
};

struct livepatch_object {
	char *name; /* "vmlinux" or the target module */
	char *module; /* the object module; NULL for vmlinux */
	int patched; /* 1, 0, or -1 if this kernel doesn't say */
	bool target_loaded; /* true for vmlinux */
	bool module_loaded; /* false for vmlinux */
	struct core_object core; /* what the core says about it */
};

struct livepatch {
	char *name;
	enum livepatch_state state;
	struct livepatch_object *objects;
	size_t n_objects;
};

struct livepatches {
	struct livepatch *livepatch; /* newest first */
	size_t n;
};

int livepatches_read(const struct host *host, struct livepatches *livepatches);
void livepatches_free(struct livepatches *livepatches);
const char *livepatch_state_name(enum livepatch_state state);

/* For one livepatch; also false if it isn't there. */
bool livepatch_is_registered(const struct host *host, const char *name);
bool livepatch_is_enabled(const struct host *host, const char *name);
bool livepatch_in_transition(const struct host *host, const char *name);
/* Was it made by other tools? Ours hold the core. */
bool livepatch_is_foreign(const struct host *host, const char *name);

/*
 * 0, or the kernel's error: -EBUSY while another livepatch is in transition, -EINVAL if it already
 * has that state.
 */
int livepatch_enable(const struct host *host, const char *name);
int livepatch_disable(const struct host *host, const char *name);
/* Tell the kernel that its transition is over. 0 or negative errno. */
int livepatch_force(const struct host *host, const char *name);

/* The livepatch that is in transition; malloc()ed, NULL if there is none. */
char *livepatch_any_in_transition(const struct host *host);

/* The objects that it changes, and the functions that it replaces in one: "meminfo_proc_show,1". */
int livepatch_objects(const struct host *host, const char *name, struct strvec *objects);
int livepatch_object_functions(const struct host *host, const char *name, const char *object,
			       struct strvec *functions);
/* The names of the functions that it replaces, in all objects. */
int livepatch_functions(const struct host *host, const char *name, struct strvec *functions);

bool module_is_loaded(const struct host *host, const char *name);

#endif
