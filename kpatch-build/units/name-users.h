/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files use what the diffs change in headers: users instead of readers.
 *
 * The parts that a header has lost or gained (header-parts.h) each declare a name.
 * A unit whose code depends on one of them contains the name, or the name of a
 * macro, inline function, structure or other part of a header that contains it,
 * and so on. So the names are followed through the text of the whole tree.
 *
 * Whatever isn't understood is a user: a header with a condition or an unknown
 * part that contains a name is one, and so are all that read it. A header that
 * itself changes in an unknown part is followed by its readers, as before.
 */
#ifndef KPATCH_BUILD_NAME_USERS_H
#define KPATCH_BUILD_NAME_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/index/word-index.h"

struct job;
struct kernel;
struct series;
struct trees;

struct name_users {
	bool *readers; /* for each of series->changes: all its readers count */
	/*
	 * For each of series->changes a number. Of two headers with the same number, users of what
	 * changes in one count for the other, too.
	 */
	size_t *groups;
	char **files; /* that use a name: units, assembly, headers */
	size_t *group_of; /* for each of ->files: of which headers it uses a name */
	size_t n;
	bool searched; /* files were looked at: there are names */
	struct word_index words; /* if so */
};

/* 0 or a reported error. */
int name_users_find(const struct job *job, struct kernel *kernel, const struct series *series,
		    const struct trees *trees, struct name_users *users);
void name_users_free(struct name_users *users);

#endif
