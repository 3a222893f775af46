/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

extern const struct klp_callbacks kst_callbacks;

#define KLP_SPLIT_PATCH KST_PATCH
#define KLP_SPLIT_OBJECT "kst_t3"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_T3_BUILD_ID
#define KLP_SPLIT_CALLBACKS (&kst_callbacks)
