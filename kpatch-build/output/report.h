/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a report. Each prints one section of the page from the manifest;
 * only the source and the diffs come from elsewhere.
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

extern const char report_style[];

/* Fill ->shown, before anything links to it. 0 or -ENOMEM. */
int report_find_sources(struct page *page);
/* "fs/open.c:12", as a link if that line is on the page. */
void report_place(const struct page *page, const json_t *row);

void report_objects(struct page *page);
void report_sources(struct page *page);
void report_diffs(struct page *page);

/* One of the texts of a unified diff, with line numbers. */
void report_diff_text(FILE *out, const char *text);

#endif
