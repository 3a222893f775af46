/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report-source.c. */
#ifndef KPATCH_BUILD_REPORT_SOURCE_H
#define KPATCH_BUILD_REPORT_SOURCE_H

#include "kpatch-build/output/report.h"

/* Fill ->shown, before anything is printed that links to it. 0 or -ENOMEM. */
int report_find_sources(struct page *page);

/* Print "fs/open.c:12", as a link if that line is on the page. */
void report_place(const struct page *page, const json_t *row);

void report_sources(struct page *page);

#endif
