/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches kst_t4 alone, and has a state in the main module. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 1
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID
#define KLP_SPLIT_STATES kst_x_states

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "kst_t4_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_t4_state", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_t4", .funcs = klp_split_funcs_0 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_t4", .build_id = KST_T4_BUILD_ID },
	{ }
};

static struct klp_state kst_x_states[] = {
	{ .id = 7, .version = 1 },
	{ }
};

MODULE_INFO(klp_split_object, "kst_t4:" KST_T4_BUILD_ID);
