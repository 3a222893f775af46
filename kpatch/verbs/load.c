// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loading doesn't end with inserting the module: until the transition completes,
 * some tasks run old code and some new. An administrator who leaves then has a
 * machine in a state that nobody asked for, perhaps for ever.
 *
 * So when this returns, a livepatch is either completely enabled or gone: if the
 * transition doesn't complete in the given time, it is reversed and the
 * livepatch is removed, with its files, and the livepatches that it would have
 * replaced stay enabled.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/check.h"
#include "kpatch/drops.h"
#include "kpatch/machine/draining.h"
#include "kpatch/verbs/find.h"
#include "kpatch/install.h"
#include "kpatch/leftovers.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/verbs/load.h"
#include "kpatch/refusal.h"
#include "kpatch/removal.h"
#include "kpatch/store.h"
#include "kpatch/transition.h"
#include "kpatch/tries.h"
#include "kpatch/verbs/verbs.h"

/* How often the kernel may say -EBUSY while nothing is in transition. */
#define QUIET_TRIES 3

/* modprobe's files first, then a core that came with the livepatch, then the one of the tools. */
static int load_core(struct host *host, const struct livepatch_files *files)
{
	struct kernel_log log;
	char *shipped;
	int err;

	if (module_is_loaded(host, KLP_CORE_MODULE))
		return 0;
	kernel_log_mark(host, &log);
	err = host->modules->insert_by_name(host, KLP_CORE_MODULE);
	if (err == -ENOENT && files->core)
		err = host->modules->insert(host, files->core);
	if (err == -ENOENT) {
		shipped = host_path(host, "%s/modules/%s/" KLP_CORE_MODULE ".ko", host->datadir,
				    host->release);
		err = shipped ? host->modules->insert(host, shipped) : -ENOMEM;
		free(shipped);
	}
	if (err == -EEXIST)
		err = 0;
	if (err == -ENOENT)
		diag_error(host->diag, "KS408", NULL, "not found");
	else if (err)
		refusal_report(host, "KS444", KLP_CORE_MODULE, -err, &log);
	kernel_log_forget(&log);
	return err;
}

static int report_waiting(struct host *host, int err)
{
	char *other = livepatch_any_in_transition(host);

	if (err == -EINTR)
		diag_error(host->diag, "KS417", NULL, "nothing was loaded");
	else
		diag_error(host->diag, "KS414", NULL, "'%s', after %u s", other ?: "?",
			   host->timeout);
	free(other);
	return err;
}

/*
 * -EBUSY means a transition that began after our check, or a function that ftrace can't redirect. A
 * transition may also have ended before the next check, so a few more tries are made without one.
 */
static bool is_worth_another_try(struct host *host, long long deadline, unsigned int *quiet)
{
	char *other = livepatch_any_in_transition(host);
	bool again = other ? host_now() < deadline : ++*quiet < QUIET_TRIES;

	free(other);
	return again && !host_pause(host, 200);
}

/* What it would drop is known only when nothing is in transition. */
static int check_drops(struct host *host, const struct livepatch_files *files, struct drops *drops)
{
	struct enabled_set enabled_set = { 0 };
	int err = enabled_set_read(host, &enabled_set) ? diag_oom(host->diag) : 0;

	drops_free(drops);
	err = err ?: drops_find(host, &enabled_set, files, drops);
	err = err ?: drops_refuse(host, files, drops);
	enabled_set_free(&enabled_set);
	return err;
}

static int insert_main(struct host *host, const struct livepatch_files *files, struct drops *drops)
{
	const struct module_file *main = &files->main;
	long long deadline = host_now() + host->timeout * 1000LL;
	struct kernel_log log = { .fd = -1 };
	unsigned int quiet = 0;
	int err;

	while (true) {
		err = transition_wait_for_others(host);
		if (err)
			return report_waiting(host, err);
		err = check_drops(host, files, drops);
		if (err)
			return err;
		kernel_log_mark(host, &log);
		err = host->modules->insert(host, main->path);
		if (err != -EBUSY || !is_worth_another_try(host, deadline, &quiet))
			break;
		kernel_log_forget(&log);
	}
	if (err == -EBUSY && host_interrupted(host))
		err = report_waiting(host, -EINTR);
	else if (err == -EBUSY && quiet < QUIET_TRIES)
		err = report_waiting(host, err);
	else if (err)
		refusal_report(host, "KS409", main->name, -err, &log);
	kernel_log_forget(&log);
	return err;
}

/* Reverse the transition. A second signal or the same task may hold up the way back as well. */
static int take_back(struct host *host, const char *name)
{
	int err = 0;

	if (livepatch_is_registered(host, name) && livepatch_is_enabled(host, name))
		err = livepatch_disable(host, name);
	while (!err && livepatch_is_registered(host, name)) {
		struct host patient = *host;

		patient.signals = -1; /* half a livepatch is worse than a slow answer */
		err = transition_wait(&patient, name, KLP_UNPATCHED);
	}
	err = err == -ENOENT ? 0 : err; /* gone between two checks */
	err = err ?: remove_main(host, name);
	if (err == -EINPROGRESS)
		return report_not_removed(host, name, err);
	if (err)
		diag_error(host->diag, "KS418", NULL, "'%s': %s", name, strerror(-err));
	return err;
}

/* Wait until it is enabled; if that fails report why, and which tasks hold it up. */
static int follow(struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = transition_wait(host, name, KLP_PATCHED);

	if (!err)
		return 0;
	if (err == -ETIMEDOUT && !holdups_find(host, name, &holdups)) {
		diag_error(host->diag, "KS410", NULL, "'%s', after %u s, for %zu task%s", name,
			   host->timeout, holdups.n, holdups.n == 1 ? "" : "s");
		holdups_explain(host, &holdups);
	} else if (err == -EINTR) {
		diag_error(host->diag, "KS417", NULL, "'%s'", name);
	} else {
		diag_error(host->diag, "KS409", NULL, "'%s' was disabled while it was enabled",
			   name);
	}
	holdups_free(&holdups);
	return err;
}

/*
 * The kernel drops a replaced livepatch from sysfs by a work item of its own, a moment after
 * the transition has ended (kernel/livepatch/core.c: klp_free_replaced_patches_async()).
 */
static bool is_replaced(struct host *host, const char *name)
{
	long long deadline = host_now() + 5000;

	while (livepatch_is_registered(host, name)) {
		if (livepatch_is_enabled(host, name) || host_now() >= deadline ||
		    host_pause(host, 20))
			return false;
	}
	return true;
}

/* Livepatches that were loaded before and no longer are, were replaced. */
static int remove_replaced(struct host *host, const struct strvec *before)
{
	struct strvec replaced = { 0 };
	int err = 0;

	for (size_t i = 0; i < before->n && !err; i++)
		if (is_replaced(host, before->list[i]))
			err = strvec_add(&replaced, before->list[i]);
	if (!err && replaced.n)
		err = remove_unused(host, &replaced);
	strvec_free(&replaced);
	return err;
}

/* A module that is left over, replaced or just leaving: the kernel would report "file exists". */
static int make_room(struct host *host, const char *name)
{
	int err = 0;

	if (!module_is_loaded(host, name))
		return 0;
	if (livepatch_is_registered(host, name))
		err = transition_wait(host, name, KLP_UNPATCHED);
	if (err)
		return report_waiting(host, err);
	if (livepatch_is_draining(host, name)) {
		diag_error(host->diag, "KS432", NULL, "'%s'", name);
		draining_explain(host, name);
		return -EBUSY;
	}
	err = remove_main(host, name);
	return err ? report_not_removed(host, name, err) : 0;
}

static int load_one(struct host *host, const struct livepatch_files *files)
{
	const char *name = files->main.name;
	struct installed installed = { 0 };
	struct strvec before = { 0 };
	struct drops drops = { 0 };
	int err = host_list(host, &before, "/sys/kernel/livepatch");

	err = err ?: make_room(host, name);
	if (!err && !files->installed && !files->foreign)
		err = install_modules(host, files, NULL, &installed);
	if (!files->foreign)
		err = err ?: load_core(host, files);
	if (!err) {
		host_say(host, "loading %s", name);
		err = insert_main(host, files, &drops);
		if (!err) {
			err = follow(host, name);
			if (err)
				take_back(host, name);
		}
	}
	if (err) {
		install_undo(host, &installed);
		remove_idle_core(host);
	} else {
		install_keep(host, &installed);
		host_say(host, "%s is enabled", name);
		drops_tell(host, files, &drops);
		err = remove_replaced(host, &before);
	}
	drops_free(&drops);
	strvec_free(&before);
	return err;
}

/* A kpatch that was killed may have left it in the middle of its transition. */
static int follow_to_the_end(struct host *host, const char *name)
{
	int err = livepatch_in_transition(host, name) ? follow(host, name) : 0;

	if (err)
		take_back(host, name);
	else
		host_say(host, "%s is enabled already", name);
	return err;
}

/*
 * Each is checked again when its turn comes: one before it may have been the same livepatch, or
 * have loaded a target.
 */
int load_livepatch(struct host *host, const struct livepatch_files *files)
{
	bool loaded;
	int err = check_livepatch(host, files, &loaded);

	if (err)
		return err;
	return loaded ? follow_to_the_end(host, files->main.name) : load_one(host, files);
}

int load_check_drops(struct host *host, const struct livepatch_files *files, size_t n,
		     char **in_transition)
{
	struct enabled_set enabled_set = { 0 };
	struct drops drops = { 0 };
	int err = 0;

	*in_transition = livepatch_any_in_transition(host);
	if (*in_transition)
		return 0;
	if (enabled_set_read(host, &enabled_set))
		err = diag_oom(host->diag);
	for (size_t i = 0; i < n && !err; i++) {
		if (enabled_set_has(&enabled_set, files[i].main.name))
			continue;
		err = drops_find(host, &enabled_set, &files[i], &drops);
		err = err ?: drops_refuse(host, &files[i], &drops);
		err = err ?: enabled_set_add(host, &enabled_set, &files[i]);
		drops_free(&drops);
	}
	enabled_set_free(&enabled_set);
	return err;
}

/* While another one is in transition, each is checked when its turn comes. */
static int check_drops_of_all(struct host *host, const struct livepatch_files *files, size_t n)
{
	char *other;
	int err = load_check_drops(host, files, n, &other);

	free(other);
	return err;
}

/* Nothing is touched before everything was looked at. */
static int load_all(struct host *host, const struct livepatch_files *files, size_t n)
{
	int err = check_kernel(host);
	bool loaded;

	for (size_t i = 0; i < n; i++)
		check_livepatch(host, &files[i], &loaded);
	if (!err && diag_errors(host->diag))
		err = -EINVAL;
	err = err ?: check_drops_of_all(host, files, n);
	err = err ?: leftovers_remove(host);
	for (size_t i = 0; i < n && !err; i++) {
		err = load_livepatch(host, &files[i]);
		/* it was requested by name, and works: forget what happened at an earlier boot */
		err = err ?: try_over(host, files[i].main.name);
	}
	return err;
}

/* What installed ones drop of each other was agreed to when they were installed, and is at boot. */
static int load_installed(struct host *host, const struct livepatch_files *files, size_t n)
{
	struct host agreed = *host;
	struct store store = { 0 };
	int err = store_read(host, &store);
	char *drop = err ? NULL : store_names_to_drop(&store);

	store_free(&store);
	if (!drop)
		return diag_oom(host->diag);
	if (!host->drop)
		agreed.drop = drop;
	err = load_all(&agreed, files, n);
	free(drop);
	return err;
}

int verb_load(struct host *host, const struct strvec *words, bool installed)
{
	struct livepatch_files *files = NULL;
	size_t n = 0;
	int err = installed ? find_installed(host, &files, &n)
			    : find_livepatches(host, words, &files, &n);

	if (!err && !n)
		host_say(host, "no livepatch is installed");
	if (!err)
		err = installed ? load_installed(host, files, n) : load_all(host, files, n);
	for (size_t i = 0; i < n; i++)
		livepatch_files_free(&files[i]);
	free(files);
	return err;
}
