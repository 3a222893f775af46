/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After an upgrade of the kernel the livepatches of the old one are still
 * installed, and not in force. That is right, as they are for the old one, but
 * who boots the new kernel and finds nothing should be told where it is.
 */
#ifndef KPATCH_ELSEWHERE_H
#define KPATCH_ELSEWHERE_H

#include <jansson.h>

#include "kpatch/machine/host.h"

/* Installed for kernels other than host->release: [{"livepatch", "kernel"}]; NULL: no memory. */
json_t *elsewhere_read(const struct host *host);

#endif
