// SPDX-License-Identifier: GPL-2.0-only
/* Each read of `value` calls all functions of state.c, one of them by its alias, too. No livepatch changes this file. */
#include <linux/module.h>

#include <kinds.h>

static int get_value(char *buffer, const struct kernel_param *kp)
{
	int first = kst_first(), entry = kst_entry(), second = kst_second();
	int shared = kst_shared(), fixed = kst_fixed();

	kst_line();
	return sysfs_emit(buffer, "%d %d %d %d %d\n", first, entry, second, shared, fixed);
}

static const struct kernel_param_ops value_ops = { .get = get_value };
module_param_cb(value, &value_ops, NULL, 0444);
MODULE_PARM_DESC(value, "what the calls returned");

MODULE_LICENSE("GPL");
