/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * New code that gives the address of its functions away: "later" takes
 * milliseconds; after so many a kernel worker sleeps in the module for as many again.
 * "busy" is the same of one that runs without a pause. Who writes "here" sleeps there itself.
 */
#ifndef KST_LATER_H
#define KST_LATER_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

static __maybe_unused void kst_spin(unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (time_before(jiffies, end) && !fatal_signal_pending(current))
		cond_resched();
}

static unsigned int later_ms, busy_ms;

static noinline void kst_d_later(struct work_struct *work)
{
	msleep(later_ms);
	barrier(); /* no tail call */
}

static bool is_busy;
module_param(is_busy, bool, 0444);

static noinline void kst_d_busy(struct work_struct *work)
{
	WRITE_ONCE(is_busy, true);
	kst_spin(busy_ms);
	WRITE_ONCE(is_busy, false);
}

static DECLARE_DELAYED_WORK(later_work, kst_d_later);
static DECLARE_DELAYED_WORK(busy_work, kst_d_busy);

#define START_WORK_WHEN_WRITTEN(_name)                                                             \
	static int set_##_name(const char *val, const struct kernel_param *kp)                     \
	{                                                                                          \
		int err = kstrtouint(val, 0, &_name##_ms);                                         \
												   \
		if (!err)                                                                          \
			queue_delayed_work(system_long_wq, &_name##_work,                          \
					   msecs_to_jiffies(_name##_ms));                          \
		return err;                                                                        \
	}                                                                                          \
	static const struct kernel_param_ops _name##_ops = { .set = set_##_name };                 \
	module_param_cb(_name, &_name##_ops, NULL, 0200)

START_WORK_WHEN_WRITTEN(later);
START_WORK_WHEN_WRITTEN(busy);

static int set_here(const char *val, const struct kernel_param *kp)
{
	unsigned int ms;
	int err = kstrtouint(val, 0, &ms);

	if (!err)
		msleep(ms);
	return err;
}

static const struct kernel_param_ops here_ops = { .set = set_here };
module_param_cb(here, &here_ops, NULL, 0200);

#endif
