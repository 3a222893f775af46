/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form: see leave-out-init.c. */
#ifndef KPATCH_BUILD_SUGGEST_LEAVE_OUT_INIT_H
#define KPATCH_BUILD_SUGGEST_LEAVE_OUT_INIT_H

#include "kpatch-build/suggest/draft.h"

int leave_out_init(struct draft *draft, const struct problem *problem, bool *edited);

#endif
