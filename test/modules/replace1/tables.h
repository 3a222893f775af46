/* SPDX-License-Identifier: GPL-2.0-only */
/* Replaces; vmlinux, kst_t1 and kst_t2; adds a function that both object modules call. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 1
#define KLP_SPLIT_HAS_VMLINUX 1
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "cmdline_proc_show", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_t1_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_t1_keys", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_t1_static_call", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_t1_alternative", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_t1_references", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_2[] = {
	{ .old_name = "kst_t2_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = NULL, .funcs = klp_split_funcs_0 },
	{ .name = "kst_t1", .funcs = klp_split_funcs_1 },
	{ .name = "kst_t2", .funcs = klp_split_funcs_2 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_t1", .build_id = KST_T1_BUILD_ID },
	{ .object = "kst_t2", .build_id = KST_T2_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "vmlinux:" KST_VMLINUX_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_t1:" KST_T1_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_t2:" KST_T2_BUILD_ID);
