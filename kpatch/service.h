/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch.service loads livepatches at boot. Without it, an installed livepatch
 * protects nothing.
 */
#ifndef KPATCH_SERVICE_H
#define KPATCH_SERVICE_H

#include "kpatch/machine/host.h"

/* For host->service. */
int service_run(const char *verb, char **log);

/* Enable kpatch.service; warn (KS427) if that fails. */
void service_enable(struct host *host);
/* 1, 0, or -1 where there are no services. */
int service_is_enabled(const struct host *host);

/* kpatch.enable=0 on the kernel's command line. */
bool boot_is_turned_off(const struct host *host);

#endif
