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
/* Follow the transitions of these livepatches, or of all; wake who holds them up. */
int verb_wait(struct host *host, const struct names *livepatches, bool json);
int verb_signal(struct host *host, const struct names *livepatches, bool json);
/* @yes: who asks has been told what it costs, and said so once more. */
int verb_force(struct host *host, const char *livepatch, bool yes);
int verb_list(struct host *host, bool json);
int verb_version(struct host *host, bool json);

#endif
