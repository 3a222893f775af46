// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A monitoring system doesn't read tables. It has to know whether to alert the
 * administrator, and with which message. Each rule here produces one message, which
 * says what to do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/contents.h"
#include "kpatch/install.h"
#include "kpatch/overview.h"
#include "kpatch/service.h"
#include "kpatch/verbs/verbs.h"
#include "lib/strvec.h"
#include "lib/text.h"
#include "kpatch/troubles.h"

/* where packages of livepatches put their modules (templates/livepatch.postinst) */
#define PACKAGED "/usr/lib/klp-split/livepatches/%s"

static int in_object(const struct livepatch *livepatch, const struct livepatch_object *object,
		     struct strvec *troubles)
{
	const char *name = livepatch->name;

	if (object->core.state && !strcmp(object->core.state, "stuck"))
		return strvec_addf(troubles,
				   "%s: its code for %s can't be removed: replace it, or reboot",
				   name, object->name);
	if (livepatch->state == LIVEPATCH_ENABLED && object->target_loaded && !object->patched)
		return strvec_addf(troubles, "%s: %s runs its original code", name, object->name);
	if (object->core.error && !object->target_loaded)
		return strvec_addf(troubles, "%s: %s was refused: %s", name, object->name,
				   core_error_text(object->core.error));
	return 0;
}

static int in_memory(const struct livepatch *livepatch, struct strvec *troubles)
{
	int err = 0;

	switch (livepatch->state) {
	case LIVEPATCH_ENABLING:
	case LIVEPATCH_DISABLING:
		err = strvec_addf(troubles, "%s: is in transition: kpatch wait, kpatch signal",
				  livepatch->name);
		break;
	case LIVEPATCH_DRAINING:
		err = strvec_addf(
			troubles,
			"%s: is disabled, and removed from memory when no task is in its code: kpatch list",
			livepatch->name);
		break;
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_UNUSED:
		err = strvec_addf(
			troubles,
			"%s: is disabled or replaced, and still in memory: kpatch unload %s",
			livepatch->name, livepatch->name);
		break;
	case LIVEPATCH_ENABLED:
		break;
	}
	for (size_t i = 0; i < livepatch->n_objects && !err; i++)
		err = in_object(livepatch, &livepatch->objects[i], troubles);
	return err;
}

/* Unless the livepatch that replaced it has all its functions, fixes that seem enabled are not. */
static int replaced(const struct entry *entry, struct strvec *troubles)
{
	char *first;
	int err;

	if (!entry->lost.n)
		return 0;
	first = content_describe(entry->lost.list[0]);
	err = strvec_addf(
		troubles,
		"%s: is installed and not enabled: %s has replaced it, without %s%s: build one "
		"livepatch of both, or kpatch uninstall %s",
		entry->name, entry->replaced_by, first ?: "?",
		entry->lost.n > 1 ? " and others" : "", entry->name);
	free(first);
	return err;
}

static int on_disk(const struct host *host, const struct entry *entry, struct strvec *troubles)
{
	const struct try *try = &entry->try;
	const char *name = entry->name;
	int err = 0;

	if (entry->stored && diag_errors(entry->stored->problems))
		err = strvec_addf(troubles, "%s: its files can't be used: kpatch info %s", name,
				  name);
	if (try->state == TRY_CRASHED)
		return err
			       ?: strvec_addf(
					  troubles,
					  "%s: the machine went down while it was loaded at boot, at "
					  "%s, so "
					  "it is left out: kpatch load %s",
					  name, try->when ?: "?", name);
	if (try->state == TRY_FATAL)
		return err
			       ?: strvec_addf(
					  troubles,
					  "%s: the machine went down soon after %d boots with it, the "
					  "last at %s, so it is left out: kpatch load %s",
					  name, TRIES_FATAL, try->when ?: "?", name);
	if (try->state == TRY_FAILED)
		return err
			       ?: strvec_addf(
					  troubles,
					  "%s: it failed at boot, at %s, so it is left out: kpatch "
					  "load %s",
					  name, try->when ?: "?", name);
	if (entry->memory)
		return err;
	if (entry->replaced_by)
		return err ?: replaced(entry, troubles);
	if (!entry_is_installed(entry))
		return err
			       ?: strvec_addf(
					  troubles,
					  "%s: its files are left over; the next kpatch that loads "
					  "or installs something removes them",
					  name);
	return err
		       ?: strvec_addf(troubles, "%s: is installed and not loaded%s: kpatch load %s",
				      name,
				      boot_is_turned_off(host) ? ", because of kpatch.enable=0"
							       : "",
				      name);
}

static bool overview_has(const struct overview *overview, const char *name)
{
	for (size_t i = 0; i < overview->n; i++)
		if (!strcmp(overview->entry[i].name, name))
			return true;
	return false;
}

/* A package whose livepatch was refused: the package manager thinks that all is well. */
static int in_packages(const struct host *host, const struct overview *overview,
		       struct strvec *troubles)
{
	struct strvec names = { 0 };
	int err = host_list(host, &names, PACKAGED, host->release);

	for (size_t i = 0; i < names.n && !err; i++)
		if (!overview_has(overview, names.list[i]))
			err = strvec_addf(
				troubles,
				"%s: its package is here, but it is neither installed nor loaded: "
				"kpatch install " PACKAGED "/%s, or remove the package",
				names.list[i], host->release, names.list[i]);
	strvec_free(&names);
	return err == -ENOMEM ? err : 0;
}

static int below_lib_modules(const struct host *host, struct strvec *troubles)
{
	if (host->busy || !install_is_unfinished(host))
		return 0;
	return strvec_addf(troubles,
			   "a kpatch was killed while it changed something below /lib/modules; the "
			   "next one that loads, installs or unloads something repairs this");
}

static int at_boot(const struct host *host, const struct overview *overview,
		   struct strvec *troubles)
{
	for (size_t i = 0; i < overview->n; i++)
		if (entry_is_installed(&overview->entry[i]) && !service_is_enabled(host))
			return strvec_addf(troubles,
					   "kpatch.service is not enabled: nothing is loaded at "
					   "boot: systemctl enable kpatch");
	return 0;
}

int overview_troubles(const struct host *host, const struct overview *overview, const char *name,
		      struct strvec *troubles)
{
	int err = 0;

	for (size_t i = 0; i < overview->n && !err; i++) {
		const struct entry *entry = &overview->entry[i];

		if (name && strcmp(name, entry->name))
			continue;
		if (entry->memory)
			err = in_memory(entry->memory, troubles);
		err = err ?: on_disk(host, entry, troubles);
	}
	if (err || name)
		return err;
	err = below_lib_modules(host, troubles);
	err = err ?: in_packages(host, overview, troubles);
	return err ?: at_boot(host, overview, troubles);
}
