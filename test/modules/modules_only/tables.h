/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patches kst_t1 alone: the main module has no code. KST_KERNEL_ID, KST_TARGET_ID: other builds;
 * KST_FUNC: another function; KST_NEW_FUNC: no placeholder; KST_NO_TARGET: not for its object.
 */
#include "build-ids.h"

#ifndef KST_KERNEL_ID
#define KST_KERNEL_ID KST_VMLINUX_BUILD_ID
#endif
#ifndef KST_TARGET_ID
#define KST_TARGET_ID KST_T1_BUILD_ID
#endif

#ifndef KST_FUNC
#define KST_FUNC "kst_t1_value"
#endif

#ifndef KST_NEW_FUNC
#define KST_NEW_FUNC KLP_SPLIT_PLACEHOLDER
#endif

#define KLP_SPLIT_REPLACE 1
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_KERNEL_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = KST_FUNC, .new_func = KST_NEW_FUNC },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_t1", .funcs = klp_split_funcs_0 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
#ifndef KST_NO_TARGET
	{ .object = "kst_t1", .build_id = KST_TARGET_ID },
#endif
	{ }
};

MODULE_INFO(klp_split_object, "kst_t1:" KST_TARGET_ID);
