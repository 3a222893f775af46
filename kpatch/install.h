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

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

struct installed {
	char *name; /* the livepatch */
	char *folder; /* where its modules are now */
	char *before; /* what was there before, put aside; NULL: nothing */
};

/* Of a release, with a folder for each livepatch. */
#define STORE "/lib/modules/%s/updates/klp-split"
/* In the folder of a livepatch, beside its modules. */
#define STORED_RECORD "installed.json" /* it is to be loaded at boot: store.h */
#define STORED_CORE "klp_split.core" /* the core that came with it */

/* KS415, KS901. Nothing is changed if it fails. @record: the text of STORED_RECORD, or NULL. */
int install_modules(struct host *host, const struct livepatch_files *files, const char *record,
		    struct installed *installed);
/* Keep the new files (and drop the old), or put back what was there. Both end the matter. */
void install_keep(struct host *host, struct installed *installed);
int install_undo(struct host *host, struct installed *installed);

/* Remove a livepatch's files; 0 if there are none. */
int install_remove(struct host *host, const char *livepatch);
/* Keep the files, which are needed as long as it is in memory, but not for the next boot. */
int install_forget(struct host *host, const char *livepatch);

/* Was a kpatch killed while it changed something there? If none is at work now. */
bool install_is_unfinished(const struct host *host);
/* Put right what a kpatch that was killed has left below /lib/modules. Nobody else may be at work.
 */
int install_repair(struct host *host);

#endif
