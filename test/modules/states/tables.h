/* SPDX-License-Identifier: GPL-2.0-only */
/* A state that the next livepatch takes over; its count lies in a shadow variable. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 1
#define KLP_SPLIT_HAS_VMLINUX 1
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID
#define KLP_SPLIT_STATES kst_states

int kst_pre_patch(struct klp_object *obj);
void kst_post_patch(struct klp_object *obj);
void kst_post_unpatch(struct klp_object *obj);

extern struct klp_state kst_states[2];
struct klp_state kst_states[2] = {
	{ .id = 77, .version = KST_VERSION },
	{ }
};

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "cmdline_proc_show", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_t3_value", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{
		.name = NULL,
		.funcs = klp_split_funcs_0,
		.callbacks = {
			.pre_patch = kst_pre_patch,
			.post_patch = kst_post_patch,
			.post_unpatch = kst_post_unpatch,
		},
	},
	{ .name = "kst_t3", .funcs = klp_split_funcs_1 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_t3", .build_id = KST_T3_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "vmlinux:" KST_VMLINUX_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_t3:" KST_T3_BUILD_ID);
