/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See targets.c. */
#ifndef KPATCH_TARGETS_H
#define KPATCH_TARGETS_H

#include "kpatch/fit.h"

/* Parts of it. targets.c: is each target that isn't loaded the build it was made for? KS428. */
void fit_targets(struct host *host, const struct livepatch_files *files);

#endif
