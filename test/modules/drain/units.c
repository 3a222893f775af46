// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/restart_block.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include "livepatch.h"
#include "later.h"

static unsigned int asleep_ms;
module_param(asleep_ms, uint, 0644);

static KST_FUNCTION int kst_d_show_asleep(struct seq_file *m, void *v)
{
	msleep(asleep_ms);
	seq_puts(m, KST_PATCH ", after a sleep\n");
	return 0;
}

static unsigned int again_ms;
module_param(again_ms, uint, 0644);

static KST_FUNCTION long kst_d_again(struct restart_block *restart)
{
	return 0;
}

/* A system call that goes on in kst_d_again() if a signal interrupts it. */
static KST_FUNCTION int kst_d_show_again(struct seq_file *m, void *v)
{
	if (msleep_interruptible(again_ms))
		return set_restart_fn(&current->restart_block, kst_d_again);
	return 0;
}

/* Jumps to them. */
static KST_FUNCTION int kst_d_show(struct seq_file *m, void *v)
{
	if (asleep_ms)
		return kst_d_show_asleep(m, v);
	if (again_ms)
		return kst_d_show_again(m, v);
	seq_puts(m, KST_PATCH "\n");
	return 0;
}
KLP_SPLIT_FUNC(cmdline_proc_show, kst_d_show, 0);

static unsigned int hold_ending, released;
module_param(hold_ending, uint, 0644);
MODULE_PARM_DESC(hold_ending, "threads that end from now on sleep in release_thread() until this number is released");

static bool hold_leaders;
module_param(hold_leaders, bool, 0644);
MODULE_PARM_DESC(hold_leaders, "those that are reaped by nobody but themselves, too");

static atomic_t ending;
module_param_named(ending, ending.counter, int, 0444);
MODULE_PARM_DESC(ending, "threads that are asleep there, on no list any more");

static DECLARE_WAIT_QUEUE_HEAD(release);

static int set_released(const char *val, const struct kernel_param *kp)
{
	int err = param_set_uint(val, kp);

	if (!err)
		wake_up_all(&release);
	return err;
}

static const struct kernel_param_ops released_ops = { .set = set_released };
module_param_cb(released, &released_ops, &released, 0200);

static KST_FUNCTION void kst_d_release_thread(struct task_struct *dead_task)
{
	unsigned int number = READ_ONCE(hold_ending);

	WARN_ON(dead_task->mm);
	if (dead_task == current && (hold_leaders || !thread_group_leader(dead_task)) && number) {
		atomic_inc(&ending);
		wait_event_idle(release, READ_ONCE(released) >= number);
		atomic_dec(&ending);
	}
}
KLP_SPLIT_FUNC(release_thread, kst_d_release_thread, 0);
