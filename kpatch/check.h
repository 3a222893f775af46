/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refused livepatches must leave no trace: so each is held against the running
 * kernel before a file is copied or a module loaded, with all that speaks
 * against it told at once. The core checks again, because it alone sees what
 * loads later.
 */
#ifndef KPATCH_CHECK_H
#define KPATCH_CHECK_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Can this kernel be livepatched at all? KS416. */
int check_kernel(struct host *host);
/* KS403, KS404, KS405, KS407. *@loaded: this very livepatch is in force already. */
int check_livepatch(struct host *host, const struct livepatch_files *files, bool *loaded);

#endif
