// SPDX-License-Identifier: GPL-2.0-or-later
/* Only for the holder of the lock: without it, the work of another kpatch looks like leftovers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/install.h"
#include "kpatch/leftovers.h"

bool is_left_in_memory(const struct host *host, const struct livepatch *livepatch)
{
	char *state;
	bool live;

	if (livepatch->state != LIVEPATCH_UNUSED)
		return false;
	/* a modprobe may just be loading it */
	state = host_read(host, "/sys/module/%s/initstate", livepatch->name);
	live = state && !strcmp(state, "live");
	free(state);
	return live;
}

bool is_left_on_disk(const struct host *host, const struct stored *stored)
{
	return !stored->order && !module_is_loaded(host, stored->name);
}

static int remove_from_memory(struct host *host)
{
	struct livepatches all = { 0 };
	int err = livepatches_read(host, &all);

	for (size_t i = 0; i < all.n && !err; i++)
		if (is_left_in_memory(host, &all.livepatch[i]) &&
		    !host->modules->remove(host, all.livepatch[i].name))
			host_say(host, "removed %s, which was not in use", all.livepatch[i].name);
	livepatches_free(&all);
	return err ? diag_oom(host->diag) : 0;
}

static int remove_from_disk(struct host *host)
{
	struct store store = { 0 };
	int err = store_read(host, &store);

	if (err)
		return diag_errno(host->diag, -err, "/lib/modules", "read");
	for (size_t i = 0; i < store.n && !err; i++)
		if (is_left_on_disk(host, &store.livepatch[i]))
			err = install_remove(host, store.livepatch[i].name);
	store_free(&store);
	return err;
}

int leftovers_remove(struct host *host)
{
	int err = install_repair(host);

	err = err ?: remove_from_memory(host);
	return err ?: remove_from_disk(host);
}
