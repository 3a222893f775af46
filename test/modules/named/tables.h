/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches kst_dash_x alone; how long its own name is, is what matters. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 1
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "kst_dash_x_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_dash_x", .funcs = klp_split_funcs_0 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_dash_x", .build_id = KST_DASH_X_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "kst_dash_x:" KST_DASH_X_BUILD_ID);
