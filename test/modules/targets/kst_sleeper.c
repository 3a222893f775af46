// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target in whose function a task can be asleep, for a transition that does
 * not come to its end: "sleep" takes milliseconds and can't be interrupted,
 * "nap" can (livepatch signals those after 15 seconds); "cold" sleeps in a part
 * of a function that the compiler splits off. "spin" runs without a pause, "part" sleeps
 * in a part that a function has jumped to; both can be killed. "last" lets a kernel thread
 * sleep in a call that is the last instruction of a cold part, and 0 ends it. "background" lets a
 * kernel worker sleep: a module's parameters are written one after the other.
 * "touch" takes an address of the writer's, for one who sleeps in a page fault.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/objtool.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
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

static KST_FUNCTION int kst_sleeper_spin(unsigned int ms, bool can_be_woken)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (time_before(jiffies, end) && !fatal_signal_pending(current))
		cond_resched();
	return 0;
}

/* Named as GCC names a part that it splits off. */
static int kst_sleeper_part(unsigned int ms) __asm__("kst_sleeper_parted.part.0");

static KST_FUNCTION int kst_sleeper_part(unsigned int ms)
{
	schedule_timeout_killable(msecs_to_jiffies(ms));
	return 0;
}

/* Jumps to it. */
static KST_FUNCTION int kst_sleeper_parted(unsigned int ms, bool can_be_woken)
{
	return kst_sleeper_part(ms);
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
WAIT_WHEN_WRITTEN(spin, kst_sleeper_spin, false);
WAIT_WHEN_WRITTEN(part, kst_sleeper_parted, false);

/*
 * New code calls it. objtool is told to leave it alone, so it has no unwind data, and no
 * stack is reliable that it is on.
 */
void kst_sleeper_opaque(unsigned int ms);

__used KST_FUNCTION void kst_sleeper_opaque(unsigned int ms)
{
	msleep(ms);
	barrier(); /* no tail call */
}
STACK_FRAME_NON_STANDARD(kst_sleeper_opaque);

static struct task_struct *last;

static __used KST_FUNCTION void __noreturn kst_sleeper_end(void *unused)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ / 10);
	kthread_complete_and_exit(NULL, 0);
}

/* The return address of its call is the first of the next function. */
asm(".pushsection .text.unlikely, \"ax\"\n"
	".type \"kst_sleeper_last.cold\", @function\n"
	"\"kst_sleeper_last.cold\":\n"
	"	call kst_sleeper_end\n"
	".size \"kst_sleeper_last.cold\", . - \"kst_sleeper_last.cold\"\n"
	".type kst_sleeper_behind, @function\n"
	"kst_sleeper_behind:\n"
	ASM_RET
	".size kst_sleeper_behind, . - kst_sleeper_behind\n"
	".popsection\n");

int kst_sleeper_last_cold(void *unused) __asm__("kst_sleeper_last.cold");

/* Jumps to it. */
static KST_FUNCTION int kst_sleeper_last(void *unused)
{
	return kst_sleeper_last_cold(unused);
}

static void stop_last(void)
{
	if (!last)
		return;
	kthread_stop(last);
	put_task_struct(last);
	last = NULL;
}

static int set_last(const char *val, const struct kernel_param *kp)
{
	struct task_struct *task;
	bool start;
	int err = kstrtobool(val, &start);

	if (err)
		return err;
	stop_last();
	if (!start)
		return 0;
	task = kthread_run(kst_sleeper_last, NULL, "kst_last");
	if (IS_ERR(task))
		return PTR_ERR(task);
	last = get_task_struct(task);
	return 0;
}

static const struct kernel_param_ops last_ops = { .set = set_last };
module_param_cb(last, &last_ops, NULL, 0200);

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
	stop_last();
}

module_init(kst_sleeper_init);
module_exit(kst_sleeper_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target that sleeps");
