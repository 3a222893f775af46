/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * New code that gives the address of one of its functions away: "later" takes
 * milliseconds; after so many a kernel worker sleeps in the module for as many again.
 */
#ifndef KST_LATER_H
#define KST_LATER_H

#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/workqueue.h>

static unsigned int later_ms;

static noinline void kst_d_later(struct work_struct *work)
{
	msleep(later_ms);
	barrier(); /* no tail call */
}

static DECLARE_DELAYED_WORK(later_work, kst_d_later);

static int set_later(const char *val, const struct kernel_param *kp)
{
	int err = kstrtouint(val, 0, &later_ms);

	if (!err)
		queue_delayed_work(system_long_wq, &later_work, msecs_to_jiffies(later_ms));
	return err;
}

static const struct kernel_param_ops later_ops = { .set = set_later };
module_param_cb(later, &later_ops, NULL, 0200);

#endif
