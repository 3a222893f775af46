/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

#define KLP_SPLIT_PATCH "kst_r1"
#define KLP_SPLIT_OBJECT "kst_t1"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_T1_BUILD_ID
