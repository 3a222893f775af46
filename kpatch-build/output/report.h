/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a report. Each prints one section of the page from the manifest;
 * only the source and the diffs are read elsewhere.
 */
#ifndef KPATCH_BUILD_REPORT_H
#define KPATCH_BUILD_REPORT_H

#include "kpatch-build/build.h"

struct page {
	FILE *out;
	struct build *build;
	const json_t *manifest;
	json_t *shown; /* "file:line" of each function whose source is on the page */
};

/* Print the text of a unified diff, with line numbers. */
void report_diff_text(FILE *out, const char *text);

#endif
