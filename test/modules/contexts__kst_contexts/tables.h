/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

#define KLP_SPLIT_PATCH "kst_k1"
#define KLP_SPLIT_OBJECT "kst_contexts"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_CONTEXTS_BUILD_ID
