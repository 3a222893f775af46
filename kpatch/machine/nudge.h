/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See nudge.c. */
#ifndef KPATCH_NUDGE_H
#define KPATCH_NUDGE_H

#include "kpatch/machine/holdups.h"

/*
 * Make each task leave the kernel once, as a signal would, but without a signal that the task or
 * its parent could see. Returns how many tasks were woken. For host->nudge.
 */
size_t holdups_nudge(const struct holdups *holdups);

#endif
