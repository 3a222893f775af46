/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches kst_sleeper, where a task can hold up the transition, and kst_t1. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 0
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "kst_sleeper_wait", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_t1_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_sleeper", .funcs = klp_split_funcs_0 },
	{ .name = "kst_t1", .funcs = klp_split_funcs_1 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_sleeper", .build_id = KST_SLEEPER_BUILD_ID },
	{ .object = "kst_t1", .build_id = KST_T1_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "kst_sleeper:" KST_SLEEPER_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_t1:" KST_T1_BUILD_ID);
