/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A person who waits wants to see what is being done; a log needs one line for
 * each step and no control characters. Both want to know afterwards where the
 * time went.
 */
#ifndef KPATCH_BUILD_PROGRESS_H
#define KPATCH_BUILD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <jansson.h>

struct progress;

/*
 * Lines go to stderr. If @events isn't NULL, it gets a JSON object on one line when a step begins,
 * and when it ends. NULL if there is not enough memory.
 */
struct progress *progress_new(bool verbose, FILE *events);
void progress_free(struct progress *progress);

/* Also ends the step before it. */
void progress_step(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Ends the last step; no live line is left on the terminal. */
void progress_end(struct progress *progress);
/* What the current step is doing at the moment; only shown on a terminal or with --verbose. */
void progress_detail(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

double progress_total(const struct progress *progress);
/* [{"step":…,"seconds":…}…]; the caller owns the reference. */
json_t *progress_to_json(const struct progress *progress);

#endif
