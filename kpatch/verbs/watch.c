// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A transition goes on without kpatch, if somebody else has started it or if
 * kpatch was killed. These verbs watch it from outside, and so don't wait for
 * the kpatch that follows it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strvec.h"
#include "kpatch/machine/holdups.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/show.h"
#include "kpatch/transition.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/verbs/choose.h"

/* Choose the named livepatches, or all that are in transition. KS412. */
static int choose(struct host *host, const struct strvec *words, struct strvec *chosen)
{
	struct livepatches all = { 0 };
	struct strvec known = { 0 };
	int err = livepatches_read(host, &all);

	for (size_t i = 0; i < all.n && !err; i++) {
		err = strvec_add(&known, all.livepatch[i].name);
		if (!err && !words->n && livepatch_in_transition(host, all.livepatch[i].name))
			err = strvec_add(chosen, all.livepatch[i].name);
	}
	err = err ? diag_oom(host->diag) : names_choose(host, words, &known, "KS412", chosen);
	strvec_free(&known);
	livepatches_free(&all);
	return err;
}

static int show_results(struct host *host, const struct strvec *names, bool json)
{
	struct overview overview = { 0 };
	json_t *array;

	if (!json)
		return 0;
	if (overview_read(host, &overview))
		return diag_oom(host->diag);
	array = json_array();
	for (size_t i = 0; i < overview.n; i++)
		if (overview.entry[i].memory && strvec_has(names, overview.entry[i].name))
			json_array_append_new(array, show_entry_json(host, &overview.entry[i]));
	overview_free(&overview);
	return show_result(host, json_pack("{s:o}", "livepatches", array));
}

static int wait_for(struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = transition_watch(host, name);

	if (!err) {
		host_say(host, "%s is %s", name,
			 !livepatch_is_registered(host, name) ? "not enabled"
			 : livepatch_is_enabled(host, name)   ? "enabled"
							      : "disabled");
		return 0;
	}
	if (err == -EINTR || holdups_find(host, name, &holdups)) {
		diag_error(host->diag, "KS419", NULL, "'%s', interrupted", name);
	} else {
		diag_error(host->diag, "KS419", NULL, "'%s', after %u s, for %zu task%s", name,
			   host->timeout, holdups.n, holdups.n == 1 ? "" : "s");
		holdups_explain(host, &holdups);
	}
	holdups_free(&holdups);
	return err;
}

int verb_wait(struct host *host, const struct strvec *words, bool json)
{
	struct strvec chosen = { 0 };
	int err = choose(host, words, &chosen), one;

	for (size_t i = 0; i < chosen.n; i++) {
		one = wait_for(host, chosen.list[i]);
		err = err ?: one;
	}
	if (!err && !chosen.n)
		host_say(host, "no livepatch is in transition");
	if (!diag_has(host->diag, "KS412")) {
		one = show_results(host, &chosen, json);
		err = err ?: one;
	}
	strvec_free(&chosen);
	return err;
}

static int nudge(struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = holdups_find(host, name, &holdups);
	size_t woken;
	char *text;

	if (err)
		return diag_errno(host->diag, -err, name, "find the tasks that hold up");
	woken = host->nudge ? host->nudge(&holdups) : 0;
	host_say(host, "%s: woke %zu of %zu task%s", name, woken, holdups.n,
		 holdups.n == 1 ? "" : "s");
	for (size_t i = 0; i < holdups.n && woken < holdups.n; i++) {
		text = holdup_describe(&holdups.task[i]);
		host_say(host, "    %s", text ?: "?");
		free(text);
	}
	holdups_free(&holdups);
	return 0;
}

int verb_signal(struct host *host, const struct strvec *words, bool json)
{
	struct strvec chosen = { 0 };
	int err = choose(host, words, &chosen);

	for (size_t i = 0; i < chosen.n && !err; i++) {
		if (livepatch_in_transition(host, chosen.list[i]))
			err = nudge(host, chosen.list[i]);
		else
			diag_error(host->diag, "KS421", NULL, "'%s'", chosen.list[i]);
	}
	if (!err && !chosen.n)
		host_say(host, "no livepatch is in transition");
	if (!err)
		err = show_results(host, &chosen, json);
	strvec_free(&chosen);
	return err;
}
