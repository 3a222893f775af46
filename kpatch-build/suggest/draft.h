/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The diff that --suggest works on. Its state is the patched tree of the build: a
 * form edits files there, and the suggested diff is what then differs from the
 * kernel's source. So a suggestion can't contain anything that isn't in the tree
 * that was looked at, and lines that no form touches stay as the author wrote them.
 */
#ifndef KPATCH_BUILD_SUGGEST_DRAFT_H
#define KPATCH_BUILD_SUGGEST_DRAFT_H

#include <stdbool.h>
#include <jansson.h>

#include "kpatch-build/build.h"
#include "kpatch-build/source/cut.h"
#include "lib/strvec.h"

/* What a trial reports: diag.h. The strings belong to the trial. */
struct problem {
	const char *code, *file, *function, *message;
	unsigned int line;
	const json_t *details;
};

struct draft {
	struct build *build;
	struct cuts cuts; /* functions that were cut out */
	struct strvec edits; /* what was changed and why, for the reviewer */
	struct strvec reasons; /* why something that was refused can't be answered */
	bool spoilt; /* a form has given up in the middle: it can't be tried */
	struct strvec files; /* those that the draft changes, relative to the tree */
};

int draft_start(struct draft *draft, struct build *build);
void draft_free(struct draft *draft);

/* Read a file of the patched tree, or of the kernel's source. 0 or negative, reported. */
int draft_read(struct draft *draft, const char *path, char **text);
int draft_read_original(struct draft *draft, const char *path, char **text);
/* Write one of ->files. 0 or negative, reported. */
int draft_write(struct draft *draft, const char *path, const char *text);
bool draft_has(const struct draft *draft, const char *path);

/* Note what was changed because of @problem. 0 or negative, reported. */
int draft_note(struct draft *draft, const struct problem *problem, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Note why @problem can't be answered. 0 or negative, reported. */
int draft_no(struct draft *draft, const struct problem *problem, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Write the diff, with the user's message and the notes before it. 0 or negative, reported. */
int draft_save(struct draft *draft, const char *path);

#endif
