/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * At boot, the installed livepatches are loaded in the order of installation, without an
 * administrator who could read an error. So it is checked when a livepatch is installed
 * whether it would drop fixes of those that are loaded before it.
 */
#ifndef KPATCH_BOOT_DROPS_H
#define KPATCH_BOOT_DROPS_H

#include "kpatch/drops.h"

/*
 * Check @n livepatches before they are installed, each after the installed ones and in place of one
 * of the same name. Report KS445 or KS446, or KS447 if host->drop allows it. 0 or a negative errno,
 * reported.
 */
int boot_drops_check(struct host *host, const struct livepatch_files *files, size_t n);

#endif
