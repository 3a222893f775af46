/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading a livepatch now proves that it fits. A livepatch that is loaded at
 * boot, or for a target that is loaded next week, has to be checked against
 * files: the target's module on disk, the kernel's symbols, the keys that it
 * trusts.
 */
#ifndef KPATCH_FIT_H
#define KPATCH_FIT_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* Make all these checks for a livepatch whose release is right. KS2xx with KS429, KS424, KS428. */
int check_fit(struct host *host, const struct livepatch_files *files);

#endif
