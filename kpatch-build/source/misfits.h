/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find out why a diff doesn't apply: see misfits.c. */
#ifndef KPATCH_BUILD_MISFITS_H
#define KPATCH_BUILD_MISFITS_H

#include "lib/strvec.h"

struct diff;
struct trees;

enum misfit {
	MISFIT_DIFFERS, /* the source isn't what the diff expects */
	MISFIT_IN_KERNEL, /* the kernel's source already contains the change */
	MISFIT_IN_DIFFS, /* an earlier diff has made the change, or parts of it */
};

/* ->details: lines for the message, in the order of the hunks. */
struct misfits {
	struct strvec details;
	enum misfit is;
};

/*
 * Compare the patched tree with the hunks of @diff that patch(1) didn't apply, according to its
 * output @log. 0 or -ENOMEM. Free @misfits with misfits_free().
 */
int misfits_find(const struct trees *trees, const struct diff *diff, const char *log,
		 struct misfits *misfits);
void misfits_free(struct misfits *misfits);

#endif
