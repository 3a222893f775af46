/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run kpatch-build --check on a diff: trial.c. */
#ifndef KPATCH_BUILD_SUGGEST_TRIAL_H
#define KPATCH_BUILD_SUGGEST_TRIAL_H

#include <jansson.h>

#include "kpatch-build/build.h"
#include "lib/strvec.h"

/*
 * The command line of this process with @diff (NULL: nothing) in the place of the user's
 * diffs, and without --suggest; @first (NULL: none) are options to put before the others. 0 or negative, reported.
 */
int trial_command(const struct job *job, char **argv, const char *const *first, const char *diff,
		  struct strvec *command);

/* Check @diff. *@result: what --json prints; the caller owns it. 0 or negative, reported. */
int trial_run(const struct job *job, char **argv, const char *diff, json_t **result);

#endif
