/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See global-names.c. */
#ifndef KPATCH_BUILD_GLOBAL_NAMES_H
#define KPATCH_BUILD_GLOBAL_NAMES_H

#include "kpatch-build/check/globals.h"

struct diag;
struct reached;

/* 0 or a negative errno, reported. Free in any case. */
int globals_collect(const struct reached *reached, struct globals *globals, struct diag *diag);

void globals_free(struct globals *globals);

#endif
