/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that are cut out of the diffs: cut.c. The pass leave_out_functions() is in build.h. */
#ifndef KPATCH_BUILD_SOURCE_CUT_H
#define KPATCH_BUILD_SOURCE_CUT_H

#include <stddef.h>

struct build;

/* The diffs' change of one function. All strings are owned. */
struct cut {
	char *path, *name;
	unsigned int line; /* in the patched source */
	char *was,
		*is; /* its text without comments, before and after the diffs; "": there is none */
};

struct cuts {
	struct cut *list;
	size_t n;
};

/*
 * Give the function @name of @path, in the patched tree, back its original text. 0; -ENOENT: the
 * diffs don't change it; -EINVAL: reported (KS368), or other negative errno, reported.
 */
int cut_function(struct build *build, const char *path, const char *name, struct cuts *cuts);
/* Refuse it if the rest of the diffs needs what was cut out (KS369). 0 or negative, reported. */
int check_cuts(struct build *build, const struct cuts *cuts);
void cuts_free(struct cuts *cuts);

#endif
