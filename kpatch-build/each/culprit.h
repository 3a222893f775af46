/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixes that are right alone, and wrong together: culprit.c. */
#ifndef KPATCH_BUILD_CULPRIT_H
#define KPATCH_BUILD_CULPRIT_H

#include "kpatch-build/each/trial.h"

/*
 * The fixes that are in were refused together: @refused. Leave one of them out, the first with which
 * the series is refused, and those that need it. 0 or negative errno, reported.
 */
int leave_out_culprit(struct each *each, const struct trial *refused);

#endif
