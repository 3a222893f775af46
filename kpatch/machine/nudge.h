/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See nudge.c. */
#ifndef KPATCH_NUDGE_H
#define KPATCH_NUDGE_H

#include "kpatch/machine/holdups.h"

/*
 * Let each task pass the edge of the kernel once, as a signal would, without one that the task or
 * its parent could see. Returns how many came along. For host->nudge.
 */
size_t holdups_nudge(const struct holdups *holdups);

#endif
