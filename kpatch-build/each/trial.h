/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would these fixes make a livepatch together? Each question is answered by a process of its own,
 * as if somebody had given these diffs alone.
 */
#ifndef KPATCH_BUILD_TRIAL_H
#define KPATCH_BUILD_TRIAL_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/each/fixes.h"
#include "kpatch-build/each/part.h"

struct build;

/* What all of a run of --each needs. */
struct each {
	struct build *build;
	char **arguments; /* the user's, without the program */
	char self[PATH_MAX]; /* our program */
	struct fixes fixes;
	size_t *order; /* of application: indices in ->fixes, of those that are placed */
	size_t n_order;
	char *name; /* of the livepatch */
	char *store; /* folder of patched units */
	size_t n_trials;
};

enum verdict {
	VERDICT_GOOD,
	VERDICT_UNCHANGED, /* it makes no difference to the kernel's code */
	VERDICT_NOT_NEEDED, /* the kernel has it, or is built without what it changes */
	VERDICT_MISFIT, /* it doesn't apply or doesn't compile: another fix may be missing */
	VERDICT_REFUSED,
	VERDICT_ERROR, /* nothing to do with the fixes: the disk is full, the kernel isn't found … */
};

struct trial {
	enum verdict verdict;
	json_t *result; /* the document of --json */
};

/* Free with trial_end() in any case. 0 or negative errno, reported. */
int try_fixes(struct each *each, enum part_kind kind, const bool *in, const json_t *rows,
	      struct trial *trial);
/* Each fix alone, several at a time; @trials has one for each. The same. */
int try_all_alone(struct each *each, struct trial *trials);
void trial_end(struct trial *trial);

/* The first error that no other one explains; NULL: there is none. */
const json_t *trial_error(const struct trial *trial);

#endif
