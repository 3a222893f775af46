/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report-diff.c. */
#ifndef KPATCH_BUILD_REPORT_DIFF_H
#define KPATCH_BUILD_REPORT_DIFF_H

#include "kpatch-build/output/report.h"

void report_diffs(struct page *page);

#endif
