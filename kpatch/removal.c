// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatch drops its reference to a module from a work item, some moments after
 * the livepatch has left sysfs (kernel/livepatch/core.c:
 * klp_free_patch_finish()). After a forced transition it never drops the
 * reference, and the module has to stay.
 */
#include <errno.h>
#include <string.h>

#include "kpatch/machine/draining.h"
#include "kpatch/install.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/removal.h"
#include "kpatch/store.h"

#define TRIES 50
#define TRY_EVERY 100 /* ms */
#define UNUSED_TIMEOUT 5 /* s: for a replaced livepatch that drains */

/* Another process is removing it, and waits until no task is in its code. */
static int wait_drained(struct host *host, const char *name)
{
	long long deadline = host_now() + host->timeout * 1000LL;

	while (module_is_loaded(host, name)) {
		if (host_now() >= deadline || host_pause(host, TRY_EVERY))
			return -EINPROGRESS;
	}
	return 0;
}

/*
 * Signals don't interrupt this, unless the module drains: the time is limited, and half removed is
 * worse than slow.
 */
int remove_main(struct host *host, const char *name)
{
	int err = 0;

	for (int i = 0; i < TRIES && module_is_loaded(host, name); i++) {
		err = host->modules->remove(host, name);
		if (!err)
			break;
		if (err == -EINPROGRESS)
			return err;
		if (livepatch_is_draining(host, name))
			return wait_drained(host, name);
		/* -EAGAIN: in use, and asked not to wait */
		if (err != -EBUSY && err != -EAGAIN)
			break;
		host_sleep(TRY_EVERY);
	}
	return module_is_loaded(host, name) ? err ?: -EBUSY : 0;
}

int report_not_removed(struct host *host, const char *name, int err)
{
	if (err != -EINPROGRESS) {
		diag_error(host->diag, "KS413", NULL, "'%s': %s", name, strerror(-err));
		return err;
	}
	diag_error(host->diag, "KS431", NULL, "'%s' is draining", name);
	draining_explain(host, name);
	return err;
}

/* Nobody waits for a replaced livepatch, as the one that replaced it is enabled. */
static int remove_one(struct host *host, const char *name)
{
	struct host impatient = *host;
	int err;

	impatient.timeout = host->timeout < UNUSED_TIMEOUT ? host->timeout : UNUSED_TIMEOUT;
	err = remove_main(&impatient, name);
	if (err == -EINPROGRESS) {
		diag_warning(host->diag, "KS431", NULL, "'%s' is draining", name);
		draining_explain(host, name);
		return 0;
	}
	if (err) {
		diag_warning(host->diag, "KS413", NULL, "'%s': %s", name, strerror(-err));
		return 0;
	}
	host_say(host, "removed %s", name);
	return remove_files(host, name);
}

int remove_unused(struct host *host, const struct strvec *names)
{
	int err = 0;

	for (size_t i = 0; i < names->n && !err; i++)
		err = remove_one(host, names->list[i]);
	return err;
}

int remove_files(struct host *host, const char *name)
{
	struct store store = { 0 };
	const struct stored *stored;
	int err = store_read(host, &store);

	if (err)
		return diag_errno(host->diag, -err, "/lib/modules", "read");
	stored = store_find(&store, name);
	if (stored && !stored->order)
		err = install_remove(host, name);
	store_free(&store);
	return err;
}

void remove_idle_core(struct host *host)
{
	struct strvec holders = { 0 };

	if (!module_is_loaded(host, KLP_CORE_MODULE))
		return;
	if (!host_list(host, &holders, "/sys/module/" KLP_CORE_MODULE "/holders") && !holders.n)
		host->modules->remove(host, KLP_CORE_MODULE);
	strvec_free(&holders);
}
