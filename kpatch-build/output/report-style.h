/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report-style.c. */
#ifndef KPATCH_BUILD_REPORT_STYLE_H
#define KPATCH_BUILD_REPORT_STYLE_H

#include "kpatch-build/output/report.h"

extern const char report_style[];

#endif
