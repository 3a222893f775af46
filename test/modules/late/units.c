// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits until the file appears that its parameter names: after livepatch's own
 * coming handler has run for this module, and before its init registers it.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/namei.h>
#include <linux/path.h>

static int set_until(const char *val, const struct kernel_param *kp)
{
	struct path path;

	pr_info("kst_late: waits for %s\n", val);
	while (kern_path(val, 0, &path))
		msleep(20);
	path_put(&path);
	return 0;
}

static const struct kernel_param_ops until_ops = { .set = set_until };
module_param_cb(until, &until_ops, NULL, 0);
