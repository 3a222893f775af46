/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One part of a run of --each: a process of its own that tries some of the fixes, or builds those
 * that are in. It gets the user's arguments, and a file that says in what it differs from them.
 */
#ifndef KPATCH_BUILD_PART_H
#define KPATCH_BUILD_PART_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct build;
struct job;

enum part_kind {
	PART_CHECK, /* as with --check, and nothing is written but the result */
	PART_TRY, /* build modules that nobody keeps */
	PART_LAST, /* what the user asked for */
};

/* All strings belong to the caller. */
struct part {
	enum part_kind kind;
	const char **diffs;
	size_t n_diffs;
	const char *name; /* of the livepatch */
	const char *dir; /* for its files: it must not exist yet */
	const char *store; /* of patched units: compile/patched-store.h */
	unsigned int jobs;
	unsigned int max_units; /* as the option */
	const json_t *fixes; /* for the manifest; NULL: none */
};

/* Write the file for @part, and return its path; NULL: reported. Caller frees. */
char *part_write(const struct job *job, const struct part *part);
/* The file that the part writes its result to. Caller frees; NULL: no memory. */
char *part_result(const struct part *part);

/* In the process of a part: change the options to what the file says. 0 or negative errno, reported. */
int part_take(struct job *job);
/* The pass that warns of each fix that isn't part of the livepatch: KS399. */
int warn_of_left_out(struct build *build);

#endif
