/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run for --suggest: suggest.c. */
#ifndef KPATCH_BUILD_SUGGEST_SUGGEST_H
#define KPATCH_BUILD_SUGGEST_SUGGEST_H

#include "kpatch-build/build.h"
#include "lib/strvec.h"

/*
 * Adapt the diffs, check the result, and write it. *@command is what builds it, the program first;
 * it is empty if the build's nothing_to_do is set. 0 or negative, reported.
 */
int suggest_diff(struct build *build, char **argv, struct strvec *command);

#endif
