/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who loads livepatches at boot is kpatch.service. A livepatch that is installed
 * while nobody will load it is protection on paper only.
 */
#ifndef KPATCH_SERVICE_H
#define KPATCH_SERVICE_H

#include "kpatch/machine/host.h"

/* For host->service. */
int service_run(const char *verb, char **log);

/* If that can't be done, it is a warning: KS427. */
void service_enable(struct host *host);
/* 1, 0, or -1 where there are no services. */
int service_is_enabled(const struct host *host);

/* kpatch.enable=0 on the kernel's command line. */
bool boot_is_turned_off(const struct host *host);

#endif
