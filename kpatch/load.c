// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loading is not over when the module is in: until the transition is through,
 * some tasks run old code and some new. Who walks away then has a machine in a
 * state that nobody asked for, and perhaps for ever.
 *
 * So a livepatch is either wholly in force when this returns, or gone: what
 * does not get through in the given time is turned round and taken out, with
 * its files, and what it would have replaced stays in force.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "draining.h"
#include "find.h"
#include "install.h"
#include "kernel-log.h"
#include "leftovers.h"
#include "lib/klp-format.h"
#include "livepatch-sysfs.h"
#include "load.h"
#include "removal.h"
#include "transition.h"
#include "tries.h"
#include "verbs.h"

/* What the kernel's errors mean here: the return codes of the core and of kernel/livepatch/core.c.
 */
static const struct {
	int err;
	const char *meaning;
} refusals[] = {
	{ ENOEXEC, "made for another kernel, or for another build of a loaded module" },
	{ EEXIST, "a livepatch of that name is still in memory" },
	{ EIO, "the object module of a loaded target could not be loaded" },
	{ ENOENT, "a symbol was not found in the object that it names" },
	{ EINVAL, "a function to patch was not found, or the module contradicts itself" },
	{ ENODEV, "a pre-patch callback refused" },
	{ EKEYREJECTED, "its signature is missing or not one that this kernel trusts" },
	{ EPERM, "loading modules is forbidden (modules_disabled or lockdown)" },
	{ ENOMEM, "no memory" },
};

static const char *meaning_of(int err)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (refusals[i].err == err)
			return refusals[i].meaning;
	return strerror(err);
}

/* modprobe's files first, then a core that came with the livepatch, then the one of the tools. */
static int load_core(struct host *host, const struct livepatch_files *files)
{
	char *shipped;
	int err;

	if (module_is_loaded(host, KLP_CORE_MODULE))
		return 0;
	err = host->modules->insert_by_name(host, KLP_CORE_MODULE);
	if (err == -ENOENT && files->core)
		err = host->modules->insert(host, files->core);
	if (err == -ENOENT) {
		shipped = host_path(host, "%s/modules/%s/" KLP_CORE_MODULE ".ko", host->datadir,
				    host->release);
		err = shipped ? host->modules->insert(host, shipped) : -ENOMEM;
		free(shipped);
	}
	if (!err || err == -EEXIST)
		return 0;
	diag_error(host->diag, "KS408", NULL, "%s",
		   err == -ENOENT ? "not found" : meaning_of(-err));
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

/* Another transition may begin between our look and the kernel's: then it says -EBUSY, and we wait
 * again. */
static int insert_main(struct host *host, const struct module_file *main)
{
	long long deadline = host_now() + host->timeout * 1000LL;
	struct kernel_log log;
	int err;

	kernel_log_mark(host, &log);
	do {
		err = transition_wait_for_others(host);
		if (err) {
			kernel_log_forget(&log);
			return report_waiting(host, err);
		}
		err = host->modules->insert(host, main->path);
	} while (err == -EBUSY && host_now() < deadline && !host_pause(host, 200));

	if (err == -EBUSY) {
		err = report_waiting(host, host_interrupted(host) ? -EINTR : -EBUSY);
	} else if (err) {
		diag_error(host->diag, "KS409", NULL, "'%s': %s", main->name, meaning_of(-err));
		kernel_log_explain(host, &log, main->name);
	}
	kernel_log_forget(&log);
	return err;
}

/* Turn the transition round. A second signal or the same task may hold up the way back too. */
static int take_back(struct host *host, const char *name)
{
	int err = 0;

	if (livepatch_is_registered(host, name) && livepatch_is_enabled(host, name))
		err = livepatch_set_enabled(host, name, false);
	while (!err && livepatch_is_registered(host, name)) {
		struct host patient = *host;

		patient.signals = -1; /* half a livepatch is worse than a slow answer */
		err = transition_wait(&patient, name, false);
	}
	err = err == -ENOENT ? 0 : err; /* gone between two looks */
	err = err ?: remove_main(host, name);
	if (err == -EINPROGRESS)
		return report_not_removed(host, name, err);
	if (err)
		diag_error(host->diag, "KS418", NULL, "'%s': %s", name, strerror(-err));
	return err;
}

/* Wait until it is in force; if that fails say why, and who is in the way. */
static int follow(struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = transition_wait(host, name, true);

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

/* Those which were there before and are no longer: replaced. */
static int remove_replaced(struct host *host, const struct names *before)
{
	struct names replaced = { 0 };
	int err = 0;

	for (size_t i = 0; i < before->n && !err; i++)
		if (is_replaced(host, before->name[i]))
			err = names_add(&replaced, before->name[i]);
	if (!err && replaced.n)
		err = remove_unused(host, &replaced);
	names_free(&replaced);
	return err;
}

/* Left over from a crash, or replaced, or just leaving: the kernel would say "file exists". */
static int make_room(struct host *host, const char *name)
{
	int err = 0;

	if (!module_is_loaded(host, name))
		return 0;
	if (livepatch_is_registered(host, name))
		err = transition_wait(host, name, false);
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
	struct names before = { 0 };
	int err = host_list(host, &before, "/sys/kernel/livepatch");

	err = err ?: make_room(host, name);
	if (!err && !files->installed)
		err = install_modules(host, files, NULL, &installed);
	err = err ?: load_core(host, files);
	if (!err) {
		host_say(host, "loading %s", name);
		err = insert_main(host, &files->main);
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
		host_say(host, "%s is in force", name);
		err = remove_replaced(host, &before);
	}
	names_free(&before);
	return err;
}

/* A kpatch that was killed may have left it in the middle of its transition. */
static int follow_to_the_end(struct host *host, const char *name)
{
	int err = livepatch_in_transition(host, name) ? follow(host, name) : 0;

	if (err)
		take_back(host, name);
	else
		host_say(host, "%s is in force already", name);
	return err;
}

/* Looked at again in its turn: one before it may have been the same, or have loaded a target. */
int load_livepatch(struct host *host, const struct livepatch_files *files)
{
	bool loaded;
	int err = check_livepatch(host, files, &loaded);

	if (err)
		return err;
	return loaded ? follow_to_the_end(host, files->main.name) : load_one(host, files);
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
	err = err ?: leftovers_remove(host);
	for (size_t i = 0; i < n && !err; i++) {
		err = load_livepatch(host, &files[i]);
		/* it was asked for by name, and works: what was at some boot is over */
		err = err ?: try_over(host, files[i].main.name);
	}
	return err;
}

int verb_load(struct host *host, const struct names *words, bool installed)
{
	struct livepatch_files *files = NULL;
	size_t n = 0;
	int err = installed ? find_installed(host, &files, &n)
			    : find_livepatches(host, words, &files, &n);

	if (!err && !n)
		host_say(host, "no livepatch is installed");
	err = err ?: load_all(host, files, n);
	for (size_t i = 0; i < n; i++)
		livepatch_files_free(&files[i]);
	free(files);
	return err;
}
