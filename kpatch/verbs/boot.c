// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * At boot nobody watches. So each installed livepatch is tried separately, in
 * the order of installation. One that has failed, or has crashed the machine, is
 * left out at the next boot and reported: tries.h. Enabled livepatches are
 * watched for a while.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/check.h"
#include "kpatch/elsewhere.h"
#include "kpatch/leftovers.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/verbs/load.h"
#include "kpatch/store.h"
#include "kpatch/tries.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/service.h"

static void report_skipped(struct host *host, const char *name, const struct try *try)
{
	json_t *problem;
	size_t i;

	if (try->state != TRY_FAILED) {
		diag_error(host->diag, try->state == TRY_FATAL ? "KS430" : "KS426", NULL,
			   "'%s', tried at %s", name, try->when ?: "?");
		return;
	}
	diag_error(host->diag, "KS425", NULL, "'%s', tried at %s", name, try->when ?: "?");
	json_array_foreach(try->problems, i, problem)
		diag_detail(host->diag, "%s: %s",
			    json_string_value(json_object_get(problem, "code")) ?: "?",
			    json_string_value(json_object_get(problem, "message")) ?: "?");
}

/*
 * It was interrupted, or there was another livepatch that isn't installed: at the next boot it may
 * work.
 */
static bool may_work_later(const struct diag *diag)
{
	return diag_has(diag, "KS417") || diag_has(diag, "KS445") || diag_has(diag, "KS446");
}

/*
 * The reasons of one livepatch are kept with it. A livepatch that is already enabled when the
 * service is started again has its note already, and may have settled.
 */
static int load_and_note(struct host *host, const struct stored *stored, const char *build_id,
			 const struct try *before)
{
	struct host one = *host;
	bool noted_before = livepatch_is_enabled(host, stored->name) &&
			    before->state != TRY_CUT_OFF;
	int err = noted_before ? 0 : try_begin(host, stored->name, build_id), noted = 0;

	one.diag = diag_new("kpatch");
	if (!one.diag)
		return diag_oom(host->diag);
	/* the newest one has to be enabled, whatever it drops: an unpatched machine is worse */
	if (stored->drop)
		one.drop = "";
	/* without a note on disk, a livepatch that crashes the machine would do so at each boot */
	if (!err) {
		err = load_livepatch(&one, &stored->files);
		if (err && !may_work_later(one.diag))
			noted = try_failed(host, stored->name, build_id, one.diag);
		else if (err)
			noted = try_over(host, stored->name);
		else if (!noted_before)
			noted = try_settling(host, stored->name, build_id, before);
		err = err ?: noted;
	}
	diag_take(host->diag, one.diag);
	diag_free(one.diag);
	return err;
}

static int load_stored(struct host *host, const struct stored *stored)
{
	char *build_id = NULL;
	struct try try;
	int err;

	if (stored->files.main.path)
		build_id = build_id_of_file(stored->files.main.path);
	err = try_read(host, stored->name, &try);
	if (err) {
		diag_oom(host->diag);
	} else if (try_forbids(&try, build_id)) {
		report_skipped(host, stored->name, &try);
		err = -EPERM;
	} else if (diag_errors(stored->problems)) {
		err = -EINVAL;
		try_failed(host, stored->name, build_id, stored->problems);
		diag_take(host->diag, stored->problems);
	} else {
		err = load_and_note(host, stored, build_id, &try);
	}
	try_free(&try);
	free(build_id);
	return err;
}

static int load_each(struct host *host, struct store *store)
{
	const char *later;
	int err = 0, one;

	for (size_t i = 0; i < store->n && !host_interrupted(host); i++) {
		if (!store->livepatch[i].order)
			continue;
		later = store_replaced_by(host, store, &store->livepatch[i]);
		if (later) {
			host_say(host, "%s is replaced by %s, which is enabled already",
				 store->livepatch[i].name, later);
			continue;
		}
		store->livepatch[i].files.installed = true;
		one = load_stored(host, &store->livepatch[i]);
		err = err ?: one;
	}
	return err;
}

/* Otherwise nobody would know where the livepatches are after an upgrade of the kernel. */
static void say_elsewhere(const struct host *host)
{
	json_t *others = elsewhere_read(host), *other;
	size_t i;

	json_array_foreach(others, i, other)
		host_say(host, "%s is for kernel %s: not loaded on %s",
			 json_string_value(json_object_get(other, "livepatch")),
			 json_string_value(json_object_get(other, "kernel")), host->release);
	json_decref(others);
}

int verb_boot(struct host *host)
{
	struct host agreed = *host;
	struct store store = { 0 };
	char *drop = NULL;
	int err;

	if (boot_is_turned_off(host)) {
		host_say(host, "kpatch.enable=0: no livepatch is loaded at this boot");
		return 0;
	}
	say_elsewhere(host);
	err = check_kernel(host);
	err = err ?: leftovers_remove(host);
	if (!err) {
		err = store_read(host, &store);
		if (err)
			diag_errno(host->diag, -err, "/lib/modules", "read");
	}
	if (!err) {
		agreed.drop = drop = store_names_to_drop(&store);
		err = drop ? load_each(&agreed, &store) : diag_oom(host->diag);
	}
	free(drop);
	store_free(&store);
	return err;
}

int verb_settle(struct host *host, unsigned int seconds)
{
	if (seconds)
		host_pause(host, seconds * 1000);
	return tries_settle(host);
}
