/* SPDX-License-Identifier: GPL-2.0-only */
/* For the main module named in KST_PATCH; KST_OBJECT: another target than its file name says. */
#include "build-ids.h"

#ifndef KST_OBJECT
#define KST_OBJECT "kst_t1"
#endif

#define KLP_SPLIT_PATCH KST_PATCH
#define KLP_SPLIT_OBJECT KST_OBJECT
#define KLP_SPLIT_OBJECT_BUILD_ID KST_T1_BUILD_ID
