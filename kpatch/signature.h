/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See signature.c. */
#ifndef KPATCH_SIGNATURE_H
#define KPATCH_SIGNATURE_H

#include "kpatch/fit.h"

/* signature.c: will the kernel believe these modules? KS424. */
void fit_signatures(struct host *host, const struct livepatch_files *files);

#endif
