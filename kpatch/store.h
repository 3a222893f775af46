/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The livepatches that modprobe can find, for one kernel release:
 * /lib/modules/RELEASE/updates/klp-split/NAME. Some are there because they are
 * loaded at each boot, some because they are loaded now, some because a kpatch
 * was killed. A record in the folder tells them apart; it is created and removed
 * with the folder, so the two can't disagree.
 */
#ifndef KPATCH_STORE_H
#define KPATCH_STORE_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

struct stored {
	char *name;
	char *folder;
	long order; /* of installation: the order of loading at boot; 0: not installed */
	bool drop; /* it may replace a livepatch of another tool: installed with --drop */
	struct livepatch_files files; /* empty if it has ->problems */
	struct diag *problems; /* what is wrong with its files; never NULL */
};

struct store {
	struct stored *livepatch; /* by ->order, then by name */
	size_t n;
};

/* 0 or -ENOMEM. */
int store_read(const struct host *host, struct store *store);
void store_free(struct store *store);
const struct stored *store_find(const struct store *store, const char *name);
/* The names of those that are installed. */
int store_names(const struct store *store, struct strvec *names);
/*
 * The same as host->drop takes them; malloc()ed, NULL: no memory. What one of them drops of another
 * was agreed to when it was installed.
 */
char *store_names_to_drop(const struct store *store);

/*
 * Is @stored replaced by one that was installed later and is enabled? Its name, or NULL. Loading
 * @stored would take the later one off for a moment.
 */
const char *store_replaced_by(const struct host *host, const struct store *store,
			      const struct stored *stored);

/* The text of the record for the next installation; malloc()ed, NULL: no memory. */
char *store_new_record(const struct store *store, bool drop);

#endif
