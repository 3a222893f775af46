// SPDX-License-Identifier: GPL-2.0-only
/*
 * Its pre-patch callback can be held up, which holds klp_mutex for as long, or
 * fail. Both are set in the configuration of modprobe.
 */
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include "livepatch.h"

static bool hold;
module_param(hold, bool, 0644);
static int fail;
module_param(fail, int, 0444);

static int pre_patch(struct klp_object *obj)
{
	pr_info("kst_c: pre_patch for %s\n", obj->name);
	while (READ_ONCE(hold))
		msleep(20);
	return fail;
}

static void post_patch(struct klp_object *obj)
{
	pr_info("kst_c: post_patch for %s\n", obj->name);
}

static void pre_unpatch(struct klp_object *obj)
{
	pr_info("kst_c: pre_unpatch for %s\n", obj->name);
}

static void post_unpatch(struct klp_object *obj)
{
	pr_info("kst_c: post_unpatch for %s\n", obj->name);
}

extern const struct klp_callbacks kst_c_callbacks;
const struct klp_callbacks kst_c_callbacks = {
	.pre_patch = pre_patch,
	.post_patch = post_patch,
	.pre_unpatch = pre_unpatch,
	.post_unpatch = post_unpatch,
};

/* Somebody else may hold this module: kst_holder does. */
void kst_c_hold(void);
KST_FUNCTION void kst_c_hold(void)
{
}
EXPORT_SYMBOL_GPL(kst_c_hold);

static KST_FUNCTION int new_value(void)
{
	return 401;
}
KLP_SPLIT_FUNC(kst_t3_value, new_value, 0);
