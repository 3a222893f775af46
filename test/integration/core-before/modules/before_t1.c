// SPDX-License-Identifier: GPL-2.0-only
/* A target: shows what its function is, and was when its init ran, and tells at the end; has an export. */
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>
#include <before.h>

static BEFORE_FUNCTION int before_t1_value(void)
{
	return 0;
}

BEFORE_FUNCTION int before_t1_double(int n)
{
	return 2 * n;
}
EXPORT_SYMBOL_GPL(before_t1_double);

static int get_value(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", before_t1_value());
}

static const struct kernel_param_ops value_ops = { .get = get_value };
module_param_cb(value, &value_ops, NULL, 0444);

static int at_init = -1;
module_param(at_init, int, 0444);
static unsigned int sleep_init;
module_param(sleep_init, uint, 0444);

static int __init before_t1_init(void)
{
	at_init = before_t1_value();
	msleep(sleep_init);
	return 0;
}

static unsigned int sleep_exit;
module_param(sleep_exit, uint, 0444);

static void __exit before_t1_exit(void)
{
	msleep(sleep_exit);
	pr_info("before_t1: value at the end of exit: %d\n", before_t1_value());
}

module_init(before_t1_init);
module_exit(before_t1_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target");
