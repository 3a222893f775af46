/* SPDX-License-Identifier: GPL-2.0-only */
/* With KST_STALL it patches kst_sleeper, too: whoever sleeps there holds the transition up. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE KST_REPLACE
#define KLP_SPLIT_HAS_VMLINUX 0
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "kst_leaver_which", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

#ifdef KST_STALL
static struct klp_func klp_split_funcs_1[] = {
	{ .old_name = "kst_sleeper_wait", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};
#endif

static struct klp_object klp_split_objects[] = {
	{ .name = "kst_leaver", .funcs = klp_split_funcs_0 },
#ifdef KST_STALL
	{ .name = "kst_sleeper", .funcs = klp_split_funcs_1 },
#endif
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ .object = "kst_leaver", .build_id = KST_LEAVER_BUILD_ID },
#ifdef KST_STALL
	{ .object = "kst_sleeper", .build_id = KST_SLEEPER_BUILD_ID },
#endif
	{ }
};

MODULE_INFO(klp_split_object, "kst_leaver:" KST_LEAVER_BUILD_ID);
#ifdef KST_STALL
MODULE_INFO(klp_split_object, "kst_sleeper:" KST_SLEEPER_BUILD_ID);
#endif
