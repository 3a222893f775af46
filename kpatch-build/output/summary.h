/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of a run, as text and for programs: summary.c. */
#ifndef KPATCH_BUILD_SUMMARY_H
#define KPATCH_BUILD_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "kpatch-build/build.h"

/* @code is the exit code. Problems go to stderr, the result to @out. */
void summary_text(const struct build *build, int code, FILE *out);
void summary_json(const struct build *build, int code, FILE *out);

/* The document of --json; the caller owns the reference. */
json_t *summary_to_json(const struct build *build, int code);

/* Write the output of summary_json() to a file. 0 or negative errno, reported. */
int summary_to_file(const struct build *build, int code, const char *path);

#endif
