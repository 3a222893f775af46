/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form: see copy-function.c. */
#ifndef KPATCH_BUILD_SUGGEST_COPY_FUNCTION_H
#define KPATCH_BUILD_SUGGEST_COPY_FUNCTION_H

#include "kpatch-build/suggest/draft.h"

int copy_function(struct draft *draft, const struct problem *problem, bool *edited);

#endif
