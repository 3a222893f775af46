// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that isn't the kernel's, with two units, a header and a static key: each
 * read of `value` counts. For kpatch-build --oot-module.
 */
#include <linux/jump_label.h>
#include <linux/module.h>

#include <count.h>

static DEFINE_STATIC_KEY_FALSE(kst_outside_key);

static noinline int kst_value(void)
{
	int value = kst_count();

	if (static_branch_unlikely(&kst_outside_key))
		value += 1000;
	return value;
}

static int get_value(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", kst_value());
}

static int set_value(const char *text, const struct kernel_param *kp)
{
	static_branch_enable(&kst_outside_key);
	return 0;
}

static const struct kernel_param_ops value_ops = { .set = set_value, .get = get_value };
module_param_cb(value, &value_ops, NULL, 0644);
MODULE_PARM_DESC(value, "how often it was read; 1000 more once it was written");

MODULE_LICENSE("GPL");
