/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core asks modprobe for an object module when its target comes, which may
 * be weeks after the livepatch was loaded, from a folder long deleted. So the
 * modules are copied below /lib/modules, where modprobe looks.
 *
 * A target that loads in the middle of the copying must see the old files or
 * the new ones, never half of each: each livepatch has a folder of its own,
 * which is swapped in one step.
 */
#ifndef KPATCH_INSTALL_H
#define KPATCH_INSTALL_H

#include "host.h"
#include "module-files.h"

struct installed {
	char *name; /* the livepatch */
	char *folder; /* where its modules are now */
	char *before; /* what was there before, put aside; NULL: nothing */
};

/* KS415, KS901. Nothing is changed if it fails. */
int install_modules(struct host *host, const struct livepatch_files *files,
		    struct installed *installed);
/* Keep the new files (and drop the old), or put back what was there. Both end the matter. */
void install_keep(struct host *host, struct installed *installed);
int install_undo(struct host *host, struct installed *installed);

/* Remove an unloaded livepatch's files; 0 if there are none. */
int install_remove(struct host *host, const char *livepatch);

#endif
