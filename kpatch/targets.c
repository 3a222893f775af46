// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target that isn't loaded yet is looked at where modprobe would find it. An
 * update of an out-of-tree module is the usual case: the livepatch would load,
 * and the module be refused when it comes.
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
		return; /* not there: it can't be loaded either */
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
