/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

extern const struct klp_callbacks kst_x_callbacks;

#define KLP_SPLIT_PATCH "kst_x"
#define KLP_SPLIT_OBJECT "kst_t4"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_T4_BUILD_ID
#define KLP_SPLIT_CALLBACKS (&kst_x_callbacks)
