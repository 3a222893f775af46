/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches vmlinux and kst_sleeper with functions in which a task sleeps where livepatch doesn't look. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE KST_REPLACE
#define KLP_SPLIT_HAS_VMLINUX 1
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "cmdline_proc_show", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "release_thread", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_sleeper_wait", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_sleeper_cold", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_sleeper_spin", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_sleeper_parted", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ .old_name = "kst_sleeper_last", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = NULL, .funcs = klp_split_funcs_0 },
	{ .name = "kst_sleeper", .funcs = klp_split_funcs_1 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_sleeper", .build_id = KST_SLEEPER_BUILD_ID },
	{ }
};

MODULE_INFO(klp_split_object, "vmlinux:" KST_VMLINUX_BUILD_ID);
MODULE_INFO(klp_split_object, "kst_sleeper:" KST_SLEEPER_BUILD_ID);
