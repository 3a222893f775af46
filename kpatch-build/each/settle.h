/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deciding a fix's fate: settle.c. */
#ifndef KPATCH_BUILD_SETTLE_H
#define KPATCH_BUILD_SETTLE_H

#include "kpatch-build/each/trial.h"

/* Report the errors of @trial as ours; returns -EINVAL. */
int report_trial(struct each *each, const struct trial *trial);

/* Fix @i gets this fate, with the reason from @trial. 0 or -ENOMEM, reported. */
int settle(struct each *each, size_t i, enum fate fate, const struct trial *trial);

/* Leave @fix out if one that it needs is left out; *@err: -ENOMEM, reported. */
bool lacks_other(struct each *each, struct fix *fix, int *err);

#endif
