// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/restart_block.h>
#include <linux/sched/signal.h>
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

static unsigned int ending_ms;
module_param(ending_ms, uint, 0644);
static int ending;
module_param(ending, int, 0444);
MODULE_PARM_DESC(ending, "threads that are asleep in release_thread(), on no list any more");

static KST_FUNCTION void kst_d_release_thread(struct task_struct *dead_task)
{
	WARN_ON(dead_task->mm);
	if (dead_task == current && !thread_group_leader(dead_task) && ending_ms) {
		WRITE_ONCE(ending, 1);
		msleep(ending_ms);
		WRITE_ONCE(ending, 0);
	}
}
KLP_SPLIT_FUNC(release_thread, kst_d_release_thread, 0);
