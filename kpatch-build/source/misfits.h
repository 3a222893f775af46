/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a diff doesn't apply: see misfits.c. */
#ifndef KPATCH_BUILD_MISFITS_H
#define KPATCH_BUILD_MISFITS_H

#include "lib/strvec.h"

struct build;
struct diff;

enum misfit {
	MISFIT_DIFFERS, /* the source isn't what the diff expects */
	MISFIT_IN_KERNEL, /* the kernel's source has it */
	MISFIT_IN_DIFFS, /* the kernel's doesn't, an earlier diff has made it */
};

/* Lines for the message, in the order of the hunks. */
struct misfits {
	struct strvec details;
	enum misfit is;
};

/*
 * Compare the hunks that patch(1), by its @log, didn't apply with the tree as it is now. 0 or
 * -ENOMEM; free with misfits_free().
 */
int misfits_find(const struct build *build, const struct diff *diff, const char *log,
		 struct misfits *misfits);
void misfits_free(struct misfits *misfits);

#endif
