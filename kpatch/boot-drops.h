/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * At boot the installed livepatches are loaded in the order of installation, and
 * nobody watches. So when one is installed, it is found out what that would drop.
 */
#ifndef KPATCH_BOOT_DROPS_H
#define KPATCH_BOOT_DROPS_H

#include "kpatch/drops.h"

/*
 * Check @n livepatches that are to be installed after those that are, or in place of those of the
 * same name. KS445, or KS447 if host->drop allows it. 0 or a negative errno, with a report.
 */
int boot_drops_check(struct host *host, const struct livepatch_files *files, size_t n);

#endif
