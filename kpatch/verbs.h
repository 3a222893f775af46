/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator can ask for. Each returns 0 or a negative errno with
 * its reasons in host->diag.
 */
#ifndef KPATCH_VERBS_H
#define KPATCH_VERBS_H

#include "host.h"

int verb_load(struct host *host, const struct names *paths);
int verb_unload(struct host *host, const struct names *livepatches, bool all);
int verb_list(struct host *host, bool json);
int verb_version(struct host *host, bool json);

#endif
