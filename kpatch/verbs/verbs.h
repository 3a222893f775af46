/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the administrator can ask for. Each returns 0 or a negative errno with
 * its reasons in host->diag.
 */
#ifndef KPATCH_VERBS_H
#define KPATCH_VERBS_H

#include "kpatch/machine/host.h"

/* @installed: all that are; else those that @words name. */
int verb_load(struct host *host, const struct names *words, bool installed);
int verb_unload(struct host *host, const struct names *livepatches, bool all);
/* For the next boots. */
int verb_install(struct host *host, const struct names *paths);
int verb_uninstall(struct host *host, const struct names *livepatches, bool all);
/* What kpatch.service does: load what is installed, unless it has failed before. KS425, KS426, KS430. */
int verb_boot(struct host *host);
/* What kpatch-settle.service does: the livepatches of this boot have not brought the machine down
 * in @seconds, or until a signal came. */
int verb_settle(struct host *host, unsigned int seconds);
/* Follow the transitions of these livepatches, or of all; wake who holds them up. */
int verb_wait(struct host *host, const struct names *livepatches, bool json);
int verb_signal(struct host *host, const struct names *livepatches, bool json);
/* @yes: who asks has been told what it costs, and said so once more. */
int verb_force(struct host *host, const char *livepatch, bool yes);
int verb_list(struct host *host, bool json);
/* Of these, or of all. *@troubled: something is not as it should be. */
int verb_status(struct host *host, const struct names *livepatches, bool json, bool *troubled);
/* Of files, or of what is installed: what they are, and whether they fit here. */
int verb_info(struct host *host, const struct names *words, bool json);
int verb_version(struct host *host, bool json);

#endif
