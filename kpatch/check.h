/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A refused livepatch must leave no trace. So each is checked against the
 * running kernel before a file is copied or a module loaded, and all problems
 * are reported at once. The core checks again, because only the core sees what
 * is loaded later.
 */
#ifndef KPATCH_CHECK_H
#define KPATCH_CHECK_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Can this kernel be livepatched at all? KS416. */
int check_kernel(struct host *host);
/* KS403, KS404, KS405, KS407. *@loaded: this livepatch is already enabled. */
int check_livepatch(struct host *host, const struct livepatch_files *files, bool *loaded);

#endif
