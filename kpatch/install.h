/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core asks modprobe for an object module when its target is loaded, which
 * may be weeks after the livepatch was loaded from a folder that no longer
 * exists. So the modules are copied below /lib/modules, where modprobe looks.
 *
 * A target that is loaded during the copying must see either the old files or
 * the new ones, never some of both. So each livepatch has a folder of its own,
 * which is swapped in one step.
 */
#ifndef KPATCH_INSTALL_H
#define KPATCH_INSTALL_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

struct installed {
	char *name; /* the livepatch */
	char *folder; /* where its modules are now */
	char *before; /* its previous content, moved aside; NULL: none */
};

/* The folder of a release, with a subfolder for each livepatch. */
#define STORE "/lib/modules/%s/updates/klp-split"
/* In the folder of a livepatch, beside its modules. */
#define STORED_RECORD "installed.json" /* the livepatch is loaded at boot: store.h */
#define STORED_CORE "klp_split.core" /* the core that came with it */

/* KS415, KS901. Nothing is changed if it fails. @record: the text of STORED_RECORD, or NULL. */
int install_modules(struct host *host, const struct livepatch_files *files, const char *record,
		    struct installed *installed);
/* Keep the new files and remove the old ones, or restore the old ones. Both free @installed. */
void install_keep(struct host *host, struct installed *installed);
int install_undo(struct host *host, struct installed *installed);

/* Remove a livepatch's files; 0 if there are none. */
int install_remove(struct host *host, const char *livepatch);
/*
 * Keep the files, which are needed as long as the livepatch is in memory, but don't load it at the
 * next boot.
 */
int install_forget(struct host *host, const char *livepatch);

/* If no other kpatch is running: was a kpatch killed while it changed something there? */
bool install_is_unfinished(const struct host *host);
/* Repair what a killed kpatch has left below /lib/modules. No other kpatch may be running. */
int install_repair(struct host *host);

#endif
