// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds fixes that would be lost at the next boot: see boot-drops.h. */
#include <string.h>

#include "kpatch/boot-drops.h"
#include "kpatch/store.h"

static bool is_among(const struct livepatch_files *files, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (files[i].main.name && !strcmp(files[i].main.name, name))
			return true;
	return false;
}

/*
 * Read the livepatches that would be enabled after a boot, except the @n that are being installed
 * or replaced.
 */
static int read_installed(struct host *host, const struct livepatch_files *files, size_t n,
			  struct enabled_set *enabled_set)
{
	struct store store = { 0 };
	int err = store_read(host, &store);

	if (err)
		err = diag_errno(host->diag, -err, "/lib/modules", "read");
	for (size_t i = 0; i < store.n && !err; i++) {
		const struct stored *stored = &store.livepatch[i];

		/* a livepatch whose files can't be used isn't loaded at boot */
		if (stored->order && !diag_errors(stored->problems) &&
		    !is_among(files, n, stored->name))
			err = enabled_set_add(host, enabled_set, &stored->files);
	}
	store_free(&store);
	return err;
}

int boot_drops_check(struct host *host, const struct livepatch_files *files, size_t n)
{
	struct enabled_set enabled_set = { 0 };
	struct drops drops = { 0 };
	int err = read_installed(host, files, n, &enabled_set);

	for (size_t i = 0; i < n && !err; i++) {
		err = drops_find(host, &enabled_set, &files[i], &drops);
		err = err ?: drops_refuse(host, &files[i], &drops);
		if (!err)
			drops_tell(host, &files[i], &drops);
		err = err ?: enabled_set_add(host, &enabled_set, &files[i]);
		drops_free(&drops);
	}
	enabled_set_free(&enabled_set);
	return err;
}
