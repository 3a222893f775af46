/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that replaces all others (klp_patch.replace) disables them in its own
 * transition. The functions that only they have fixed then run their original code
 * again, and the kernel doesn't report it. So kpatch compares the contents of the
 * enabled livepatches with those of the new one, and refuses the new one if a fix
 * would be lost, unless the administrator has agreed (--drop).
 */
#ifndef KPATCH_DROPS_H
#define KPATCH_DROPS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* The livepatches that are enabled, or that would be enabled after others have been loaded. */
struct enabled_set {
	struct enabled {
		char *name;
		bool foreign; /* built by another tool */
		struct strvec contents; /* contents.h */
	} * livepatch;
	size_t n;
};

/*
 * The livepatches that would be replaced and whose fixes would be lost. One of another tool
 * (->foreign) is listed even if ->lost is empty.
 */
struct drops {
	struct dropped {
		char *name;
		bool foreign;
		struct strvec lost;
	} * livepatch;
	size_t n;
};

/* Read the enabled livepatches from sysfs. Complete only if none is in transition. 0 or -ENOMEM. */
int enabled_set_read(const struct host *host, struct enabled_set *enabled_set);
/*
 * Add a livepatch as if it were loaded now: if it replaces the others, they are removed. 0 or a
 * negative errno, reported.
 */
int enabled_set_add(struct host *host, struct enabled_set *enabled_set,
		    const struct livepatch_files *files);
bool enabled_set_has(const struct enabled_set *enabled_set, const char *livepatch);
/* Add to @lost the @contents that none of these livepatches has. 0 or -ENOMEM. */
int enabled_set_lacks(const struct enabled_set *enabled_set, const struct strvec *contents,
		      struct strvec *lost);
void enabled_set_free(struct enabled_set *enabled_set);

/* Find what would be lost if the livepatch @files were loaded. 0 or a negative errno, reported. */
int drops_find(struct host *host, const struct enabled_set *enabled_set,
	       const struct livepatch_files *files, struct drops *drops);
/* Report KS445 or KS446 for each of @drops that host->drop doesn't allow. 0 or -EPERM. */
int drops_refuse(struct host *host, const struct livepatch_files *files, const struct drops *drops);
/* Warn of each of @drops (KS447): the livepatch is loaded or installed in spite of them. */
void drops_tell(struct host *host, const struct livepatch_files *files, const struct drops *drops);
void drops_free(struct drops *drops);

#endif
