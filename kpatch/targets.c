// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks the file that modprobe would load for a target that isn't loaded yet.
 * Usually an out-of-tree module was updated: the livepatch could be loaded, but
 * the core would refuse the module when it is loaded.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/fit.h"
#include "lib/klp-format.h"
#include "kpatch/targets.h"

static void check_target(struct host *host, const struct livepatch_files *files,
			 const struct built_for *target)
{
	char *path, *found;
	int err;

	if (!*target->build_id || !strcmp(target->object, KLP_VMLINUX))
		return;
	err = host->modules->find(host, target->object, &path);
	if (err)
		return; /* no such file: it can't be loaded either */
	found = build_id_of_file(path);
	if (found && strcasecmp(found, target->build_id)) {
		diag_error(host->diag, "KS428", NULL, "'%s' is for %s %s", files->main.name,
			   target->object, target->build_id);
		diag_detail(host->diag, "the one that modprobe would load is %s", found);
	}
	free(found);
	free(path);
}

void fit_targets(struct host *host, const struct livepatch_files *files)
{
	for (size_t i = 0; i < files->main.n_targets; i++)
		check_target(host, files, &files->main.targets[i]);
}
