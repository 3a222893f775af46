// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeps while its parameter is set: after livepatch's own coming handler has
 * run for this module, and before its init registers it.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

static int set_sleep(const char *val, const struct kernel_param *kp)
{
	unsigned int ms;
	int err = kstrtouint(val, 0, &ms);

	if (!err)
		msleep(ms);
	return err;
}

static const struct kernel_param_ops sleep_ops = { .set = set_sleep };
module_param_cb(sleep, &sleep_ops, NULL, 0);
