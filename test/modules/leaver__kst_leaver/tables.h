/* SPDX-License-Identifier: GPL-2.0-only */
#include "build-ids.h"

#define KLP_SPLIT_PATCH KST_PATCH
#define KLP_SPLIT_OBJECT "kst_leaver"
#define KLP_SPLIT_OBJECT_BUILD_ID KST_LEAVER_BUILD_ID

#ifdef KST_EXIT
void klp_split_new_exit(void);
#define KLP_SPLIT_EXIT klp_split_new_exit
#endif

#ifdef KST_HOLD
extern const struct klp_callbacks kst_leaver_callbacks;
#define KLP_SPLIT_CALLBACKS (&kst_leaver_callbacks)
#endif
