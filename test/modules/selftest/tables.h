/* SPDX-License-Identifier: GPL-2.0-only */
/* vmlinux, kst_t3 and kst_sleeper, each with all callbacks. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE KST_REPLACE
#define KLP_SPLIT_HAS_VMLINUX 1
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

int kst_pre_patch(struct klp_object *obj);
void kst_post_patch(struct klp_object *obj);
void kst_pre_unpatch(struct klp_object *obj);
void kst_post_unpatch(struct klp_object *obj);

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "cmdline_proc_show", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_t3_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_2[] = {
	{ .old_name = "kst_sleeper_wait", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_sleeper_touch", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{
		.name = NULL,
		.funcs = klp_split_funcs_0,
		.callbacks = {
			.pre_patch = kst_pre_patch,
			.post_patch = kst_post_patch,
			.pre_unpatch = kst_pre_unpatch,
			.post_unpatch = kst_post_unpatch,
		},
	},
	{ .name = "kst_t3", .funcs = klp_split_funcs_1 },
	{ .name = "kst_sleeper", .funcs = klp_split_funcs_2 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_t3", .build_id = KST_T3_BUILD_ID },
	{ .object = "kst_sleeper", .build_id = KST_SLEEPER_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "vmlinux:" KST_VMLINUX_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_t3:" KST_T3_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_sleeper:" KST_SLEEPER_BUILD_ID);
