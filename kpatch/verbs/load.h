/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KPATCH_LOAD_H
#define KPATCH_LOAD_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Check it, and enable it; also 0 if it is already enabled. A failure is undone. */
int load_livepatch(struct host *host, const struct livepatch_files *files);

/*
 * Refuse the first of these that would drop fixes of what is enabled, with those before it enabled,
 * too. While a livepatch is in transition nothing is known: *@in_transition is its name (malloc()ed)
 * then, else NULL. KS445, KS446.
 */
int load_check_drops(struct host *host, const struct livepatch_files *files, size_t n,
		     char **in_transition);

#endif
