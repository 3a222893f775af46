/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is loaded now is proved by loading it. What is to be loaded at boot, or
 * for a target that comes next week, has to be proved from files: the target's
 * module on disk, the kernel's symbols, the keys that it trusts.
 */
#ifndef KPATCH_FIT_H
#define KPATCH_FIT_H

#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/* All of it, for a livepatch whose release is right. KS2xx with KS429, KS424, KS428. */
int check_fit(struct host *host, const struct livepatch_files *files);

#endif
