/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report-objects.c. */
#ifndef KPATCH_BUILD_REPORT_OBJECTS_H
#define KPATCH_BUILD_REPORT_OBJECTS_H

#include "kpatch-build/output/report.h"

void report_objects(struct page *page);

#endif
