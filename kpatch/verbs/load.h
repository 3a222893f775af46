/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KPATCH_LOAD_H
#define KPATCH_LOAD_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Check it, and take it into force; 0 as well if it is. What fails is undone. */
int load_livepatch(struct host *host, const struct livepatch_files *files);

#endif
