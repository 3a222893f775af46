/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form: see set-value.c. */
#ifndef KPATCH_BUILD_SUGGEST_SET_VALUE_H
#define KPATCH_BUILD_SUGGEST_SET_VALUE_H

#include "kpatch-build/suggest/draft.h"

int set_value(struct draft *draft, const struct problem *problem, bool *edited);

#endif
