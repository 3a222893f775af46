/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the diffs change what the compiler gets to see of a unit, without
 * compiling it: units that may read a changed header are many, those that use
 * what changed in it are few.
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
	char *output; /* where the command is to write, while it runs */
	char *depfile;
	bool taken; /* to be compiled in any case */
};

/* 0 or -ENOMEM; free with candidate_free() in either case. @n gives its files a name. */
int candidate_init(struct candidate *c, const struct job *job, struct kernel *kernel,
		   const struct unit_index_entry *entry, size_t n);
void candidate_free(struct candidate *c);

/*
 * Add those of @candidates to the build whose text differs in the kernel's source and in the
 * shadow tree, and those that can't be preprocessed. 0 or negative, reported.
 */
int map_different(struct build *build, struct candidate *candidates, size_t n);

#endif
