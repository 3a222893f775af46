/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

#define KLP_SPLIT_PATCH KST_PATCH
#define KLP_SPLIT_OBJECT "kst_sleeper"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_SLEEPER_BUILD_ID
