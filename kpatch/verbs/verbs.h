/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs of kpatch. Each returns 0 or a negative errno with the reasons in
 * host->diag.
 */
#ifndef KPATCH_VERBS_H
#define KPATCH_VERBS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/* @installed: load all installed livepatches; else those that @words name. */
int verb_load(struct host *host, const struct strvec *words, bool installed);
int verb_unload(struct host *host, const struct strvec *livepatches, bool all);
/* Install for the next boots, or no longer. */
int verb_install(struct host *host, const struct strvec *paths);
int verb_uninstall(struct host *host, const struct strvec *livepatches, bool all);
/* What kpatch.service does: load what is installed, unless it has failed before. KS425, KS426, KS430. */
int verb_boot(struct host *host);
/*
 * What kpatch-settle.service does: note that the livepatches of this boot have not crashed the
 * machine for @seconds, or until a signal arrived.
 */
int verb_settle(struct host *host, unsigned int seconds);
/* Follow the transitions of these livepatches, or of all; wake the tasks that hold them up. */
int verb_wait(struct host *host, const struct strvec *livepatches, bool json);
int verb_signal(struct host *host, const struct strvec *livepatches, bool json);
/* @yes: the user knows the cost and has confirmed. */
int verb_force(struct host *host, const char *livepatch, bool yes);
int verb_list(struct host *host, bool json);
/* Show these, or all. *@troubled: there is a problem. */
int verb_status(struct host *host, const struct strvec *livepatches, bool json, bool *troubled);
/* Show what files or installed livepatches are. *@unfit: one of them doesn't fit this machine. */
int verb_info(struct host *host, const struct strvec *words, bool json, bool *unfit);
/* All checks of load and install, without changing anything. */
int verb_check(struct host *host, const struct strvec *words, bool json);
int verb_version(struct host *host, bool json);

#endif
