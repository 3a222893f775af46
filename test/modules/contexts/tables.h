/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches kst_contexts, whose functions run in interrupts and in a thread that is parked. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 0
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "kst_contexts_body", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_contexts_park", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_contexts", .funcs = klp_split_funcs_0 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_contexts", .build_id = KST_CONTEXTS_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "kst_contexts:" KST_CONTEXTS_BUILD_ID);
