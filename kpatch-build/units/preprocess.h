/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out without compiling whether the diffs change the text that the
 * compiler sees of a unit: many units may read a changed header, but few use
 * what changed in it.
 */
#ifndef KPATCH_BUILD_PREPROCESS_H
#define KPATCH_BUILD_PREPROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/unit-index.h"

struct candidate {
	const struct unit_index_entry *entry;
	char *text; /* "fs/proc/meminfo.i" (of assembly ".s"), in the build tree */
	char *cached; /* its sum and command, in the cache */
	char *sum; /* of the original */
	char *command;
	char *output; /* the file that the command writes, while it runs */
	char *depfile;
	bool taken; /* it is compiled in any case */
};

/*
 * 0 or -ENOMEM; free with candidate_free() in either case. @n is used for the names of its files.
 */
int candidate_init(struct candidate *c, const struct job *job, const struct kernel *kernel,
		   const struct unit_index_entry *entry, size_t n);
void candidate_free(struct candidate *c);

/*
 * Add to the build those of @candidates whose text differs between the kernel's source and the
 * shadow tree, and those that can't be preprocessed. 0 or negative, reported.
 */
int map_different(struct build *build, struct candidate *candidates, size_t n);

#endif
