// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disabling a livepatch is a transition as well, and can stall. Then the
 * livepatch is enabled again: it is never left half disabled.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/leftovers.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/removal.h"
#include "kpatch/transition.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/verbs/choose.h"

/* The kernel does one transition at a time, so ours waits for the others, within the given time. */
static int disable(struct host *host, const char *name)
{
	long long deadline = host_now() + host->timeout * 1000LL;
	int err;

	if (!livepatch_is_enabled(host, name))
		return 0; /* already disabling */
	do {
		/* its own transition can be reversed at any time */
		err = livepatch_in_transition(host, name) ? 0 : transition_wait_for_others(host);
		err = err ?: livepatch_disable(host, name);
	} while (err == -EBUSY && host_now() < deadline && !host_pause(host, 200));
	if (err == -EBUSY || err == -ETIMEDOUT)
		diag_error(host->diag, "KS414", NULL, "after %u s", host->timeout);
	else if (err == -EINTR)
		diag_error(host->diag, "KS417", NULL, "'%s' is still enabled", name);
	else if (err == -ENOENT)
		err = 0; /* gone between two checks */
	else if (err)
		diag_errno(host->diag, -err, name, "disable");
	return err;
}

static int follow(struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = transition_wait(host, name, KLP_UNPATCHED);

	if (!err)
		return 0;
	if (err == -ETIMEDOUT && !holdups_find(host, name, &holdups)) {
		diag_error(host->diag, "KS411", NULL, "'%s', after %u s, for %zu task%s", name,
			   host->timeout, holdups.n, holdups.n == 1 ? "" : "s");
		holdups_explain(host, &holdups);
	} else if (err == -EINTR) {
		diag_error(host->diag, "KS417", NULL, "'%s' stays enabled", name);
	} else {
		diag_error(host->diag, "KS411", NULL, "'%s' was enabled again meanwhile", name);
	}
	holdups_free(&holdups);
	/* switch the tasks that are already back once more */
	if (livepatch_in_transition(host, name) && !livepatch_is_enabled(host, name))
		livepatch_enable(host, name);
	return err;
}

static int unload_one(struct host *host, const char *name)
{
	int err = 0;

	if (livepatch_is_registered(host, name)) {
		host_say(host, "unloading %s", name);
		err = disable(host, name);
		err = err ?: follow(host, name);
	}
	if (err)
		return err;
	err = remove_main(host, name);
	if (err)
		return report_not_removed(host, name, err);
	host_say(host, "%s is unloaded", name);
	return remove_files(host, name);
}

/* Another tool's livepatch is unloaded only by name: whoever says --all means ours. */
static bool skip_foreign(const struct host *host, const char *name)
{
	if (!livepatch_is_registered(host, name) || !livepatch_is_foreign(host, name))
		return false;
	host_say(host, "%s stays, as another tool has loaded it: kpatch unload %s", name, name);
	return true;
}

static int choose(struct host *host, const struct strvec *words, bool everything,
		  const struct livepatches *all, struct strvec *chosen)
{
	struct strvec known = { 0 };
	int err = 0;

	for (size_t i = 0; i < all->n && !err; i++)
		if (!everything || !skip_foreign(host, all->livepatch[i].name))
			err = strvec_add(everything ? chosen : &known, all->livepatch[i].name);
	err = err ? diag_oom(host->diag) : names_choose(host, words, &known, "KS412", chosen);
	strvec_free(&known);
	return err;
}

int verb_unload(struct host *host, const struct strvec *livepatches, bool everything)
{
	struct livepatches all = { 0 };
	struct strvec chosen = { 0 };
	int err = 0, one;

	if (livepatches_read(host, &all))
		return diag_oom(host->diag);
	err = choose(host, livepatches, everything, &all, &chosen);
	for (size_t i = 0; i < chosen.n && !err; i++) {
		one = unload_one(host, chosen.list[i]);
		err = err ?: one;
	}
	if (!err && !chosen.n)
		host_say(host, "no livepatch is loaded");
	err = err ?: leftovers_remove(host);
	if (!err)
		remove_idle_core(host);
	strvec_free(&chosen);
	livepatches_free(&all);
	return err;
}
