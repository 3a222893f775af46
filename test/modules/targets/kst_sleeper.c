// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target in whose function a task can be asleep, for a transition that does
 * not come to its end: "sleep" takes milliseconds and can't be interrupted,
 * "nap" can (livepatch signals those after 15 seconds); "cold" sleeps in a part
 * of a function that the compiler splits off. "background" lets a
 * kernel worker sleep: a module's parameters are written one after the other.
 * "touch" takes an address of the writer's, for one who sleeps in a page fault.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include <target.h>

static KST_FUNCTION int kst_sleeper_wait(unsigned int ms, bool can_be_woken)
{
	if (can_be_woken)
		msleep_interruptible(ms);
	else
		msleep(ms);
	return 0;
}

/* A message makes a block cold: it is in kst_sleeper_cold.cold. */
static KST_FUNCTION int kst_sleeper_cold(unsigned int ms, bool can_be_woken)
{
	if (ms) {
		pr_notice("sleeping\n");
		msleep(ms);
	}
	return 0;
}

#define WAIT_WHEN_WRITTEN(_name, _wait, _can_be_woken)                                             \
	static int set_##_name(const char *val, const struct kernel_param *kp)                     \
	{                                                                                          \
		unsigned int ms;                                                                   \
		int err = kstrtouint(val, 0, &ms);                                                 \
												   \
		return err ?: _wait(ms, _can_be_woken);                                            \
	}                                                                                          \
	static const struct kernel_param_ops _name##_ops = { .set = set_##_name };                 \
	module_param_cb(_name, &_name##_ops, NULL, 0200)

WAIT_WHEN_WRITTEN(sleep, kst_sleeper_wait, false);
WAIT_WHEN_WRITTEN(nap, kst_sleeper_wait, true);
WAIT_WHEN_WRITTEN(cold, kst_sleeper_cold, false);

static unsigned int background_ms;

static void sleep_in_background(struct work_struct *work)
{
	kst_sleeper_wait(background_ms, false);
}

static DECLARE_WORK(background_work, sleep_in_background);

static int set_background(const char *val, const struct kernel_param *kp)
{
	int err = kstrtouint(val, 0, &background_ms);

	if (!err)
		queue_work(system_long_wq, &background_work);
	return err;
}

static const struct kernel_param_ops background_ops = { .set = set_background };
module_param_cb(background, &background_ops, NULL, 0200);

static KST_FUNCTION int kst_sleeper_touch(const char __user *address)
{
	char c;

	return get_user(c, address);
}

static int set_touch(const char *val, const struct kernel_param *kp)
{
	unsigned long address;
	int err = kstrtoul(val, 0, &address);

	return err ?: kst_sleeper_touch((const char __user *)address);
}

static const struct kernel_param_ops touch_ops = { .set = set_touch };
module_param_cb(touch, &touch_ops, NULL, 0200);

static int __init kst_sleeper_init(void)
{
	return 0;
}

static void __exit kst_sleeper_exit(void)
{
	cancel_work_sync(&background_work);
}

module_init(kst_sleeper_init);
module_exit(kst_sleeper_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target that sleeps");
