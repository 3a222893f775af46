/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that replaces all others turns them off in the same transition,
 * and the functions that only they have fixed run their original code again. The
 * kernel doesn't mention it. So what is enabled is compared with what would be,
 * and a livepatch under which a fix would be lost is refused, unless the
 * administrator has agreed (--drop).
 */
#ifndef KPATCH_DROPS_H
#define KPATCH_DROPS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* The livepatches that are enabled, or would be after some steps. */
struct in_force {
	struct enabled {
		char *name;
		bool foreign; /* of another tool */
		struct strvec contents; /* contents.h */
	} * livepatch;
	size_t n;
};

/* What another livepatch loses: all of its ->lost, or itself if it is ->foreign. */
struct drops {
	struct dropped {
		char *name;
		bool foreign;
		struct strvec lost;
	} * livepatch;
	size_t n;
};

/* What sysfs says; complete only if no livepatch is in transition. 0 or -ENOMEM. */
int in_force_read(const struct host *host, struct in_force *in_force);
/* Add this one, which replaces the others or is stacked. 0 or a negative errno, with a report. */
int in_force_add(struct host *host, struct in_force *in_force, const struct livepatch_files *files);
bool in_force_has(const struct in_force *in_force, const char *livepatch);
/* Do these livepatches, together, lack some of @contents? Adds that to @lost. 0 or -ENOMEM. */
int in_force_lacks(const struct in_force *in_force, const struct strvec *contents,
		   struct strvec *lost);
void in_force_free(struct in_force *in_force);

/* What would be lost if this one were loaded. 0 or a negative errno, with a report. */
int drops_find(struct host *host, const struct in_force *in_force,
	       const struct livepatch_files *files, struct drops *drops);
/* KS445, KS446 unless host->drop allows it. 0 or -EPERM. */
int drops_refuse(struct host *host, const struct livepatch_files *files, const struct drops *drops);
/* KS447, a warning: it is done. */
void drops_tell(struct host *host, const struct livepatch_files *files, const struct drops *drops);
void drops_free(struct drops *drops);

#endif
