/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KPATCH_LOAD_H
#define KPATCH_LOAD_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Check it, and enable it; also 0 if it is already enabled. A failure is undone. */
int load_livepatch(struct host *host, const struct livepatch_files *files);

#endif
