/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After an upgrade of the kernel the livepatches of the old kernel are still
 * installed, but not loaded. That is right, as they are for the old kernel, but
 * an administrator who boots the new kernel and finds no livepatch should be
 * told where they are.
 */
#ifndef KPATCH_ELSEWHERE_H
#define KPATCH_ELSEWHERE_H

#include <jansson.h>

#include "kpatch/machine/host.h"

/* Installed for kernels other than host->release: [{"livepatch", "kernel"}]; NULL: no memory. */
json_t *elsewhere_read(const struct host *host);

#endif
