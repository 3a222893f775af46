/* SPDX-License-Identifier: GPL-2.0-only */
/* A system call that programs make all the time. */
#include "build-ids.h"

#define KLP_SPLIT_REPLACE 0
#define KLP_SPLIT_HAS_VMLINUX 1
#define KLP_SPLIT_VMLINUX_BUILD_ID KST_VMLINUX_BUILD_ID

static struct klp_func klp_split_funcs_0[] = {
	{ .old_name = "__x64_sys_getpid", .new_func = KLP_SPLIT_PLACEHOLDER },
	{ }
};

static struct klp_object klp_split_objects[] = {
	{ .name = NULL, .funcs = klp_split_funcs_0 },
	{ }
};

static const struct klp_split_target klp_split_targets[] = {
	{ }
};

MODULE_INFO(klp_split_object, "vmlinux:" KST_VMLINUX_BUILD_ID);
