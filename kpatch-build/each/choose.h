/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which fixes can be in the livepatch: choose.c. */
#ifndef KPATCH_BUILD_CHOOSE_H
#define KPATCH_BUILD_CHOOSE_H

#include "kpatch-build/each/trial.h"

/* Set each fix's ->fate, by trials. 0 or negative errno, reported: then nothing is decided. */
int choose_fixes(struct each *each);

#endif
