// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target whose function runs in each context that has no stack of its own, a few
 * hundred times a second, while "run" is Y: in a hard interrupt (hrtimer, irq_work), in
 * a soft one (timer, tasklet, RCU callback), in a worker. "counts" tells how often
 * the original has run and how often what replaces it: of each context, and in all.
 * "park" parks a kernel thread inside of another function.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <target.h>

enum context { HARD, IRQ_WORK, SOFT, TASKLET, RCU, WORKER, N_CONTEXTS };

static atomic_t counts[N_CONTEXTS][2];
static bool running;

static KST_FUNCTION int kst_contexts_body(int us)
{
	udelay(us);
	return 0;
}

static void run_in(enum context context)
{
	atomic_inc(&counts[context][kst_contexts_body(50)]);
}

static void run_irq_work(struct irq_work *work)
{
	run_in(IRQ_WORK);
}

static struct irq_work irq_work = IRQ_WORK_INIT_HARD(run_irq_work);
static struct hrtimer hrtimer;

static enum hrtimer_restart run_hrtimer(struct hrtimer *timer)
{
	run_in(HARD);
	irq_work_queue(&irq_work);
	hrtimer_forward_now(timer, ms_to_ktime(4));
	return READ_ONCE(running) ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void run_tasklet(struct tasklet_struct *tasklet)
{
	run_in(TASKLET);
}

static DECLARE_TASKLET(tasklet, run_tasklet);
static void run_timer(struct timer_list *timer);
static DEFINE_TIMER(timer, run_timer);

static void run_timer(struct timer_list *unused)
{
	run_in(SOFT);
	tasklet_schedule(&tasklet);
	if (READ_ONCE(running))
		mod_timer(&timer, jiffies + 1);
}

static struct rcu_head rcu;

static void run_rcu(struct rcu_head *head)
{
	run_in(RCU);
	if (READ_ONCE(running))
		call_rcu(&rcu, run_rcu);
}

static void run_worker(struct work_struct *work);
static DECLARE_DELAYED_WORK(worker, run_worker);

static void run_worker(struct work_struct *work)
{
	run_in(WORKER);
	if (READ_ONCE(running))
		queue_delayed_work(system_wq, &worker, 1);
}

static void stop(void)
{
	if (!running)
		return;
	WRITE_ONCE(running, false);
	hrtimer_cancel(&hrtimer);
	irq_work_sync(&irq_work);
	del_timer_sync(&timer);
	tasklet_kill(&tasklet);
	rcu_barrier();
	cancel_delayed_work_sync(&worker);
}

static int set_run(const char *val, const struct kernel_param *kp)
{
	bool run;
	int err = kstrtobool(val, &run);

	if (err)
		return err;
	if (!run) {
		stop();
	} else if (!running) {
		running = true;
		hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
		hrtimer.function = run_hrtimer;
		hrtimer_start(&hrtimer, ms_to_ktime(4), HRTIMER_MODE_REL_HARD);
		mod_timer(&timer, jiffies + 1);
		call_rcu(&rcu, run_rcu);
		queue_delayed_work(system_wq, &worker, 1);
	}
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = set_run };
module_param_cb(run, &run_ops, NULL, 0200);

static int get_counts(char *buffer, const struct kernel_param *kp)
{
	int length = 0;
	unsigned int i;

	for (i = 0; i < N_CONTEXTS; i++)
		length += sysfs_emit_at(buffer, length, "%d %d\n", atomic_read(&counts[i][0]),
					atomic_read(&counts[i][1]));
	return length;
}

static const struct kernel_param_ops counts_ops = { .get = get_counts };
module_param_cb(counts, &counts_ops, NULL, 0444);

static KST_FUNCTION int kst_contexts_park(void)
{
	kthread_parkme();
	return 0;
}

static int run_thread(void *unused)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kst_contexts_park();
		schedule_timeout_interruptible(HZ / 10);
	}
	return 0;
}

static struct task_struct *thread;

static int set_park(const char *val, const struct kernel_param *kp)
{
	bool park;
	int err = kstrtobool(val, &park);

	if (err)
		return err;
	if (park)
		return kthread_park(thread);
	kthread_unpark(thread);
	return 0;
}

static const struct kernel_param_ops park_ops = { .set = set_park };
module_param_cb(park, &park_ops, NULL, 0200);

static int __init kst_contexts_init(void)
{
	thread = kthread_run(run_thread, NULL, "kst_contexts");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit kst_contexts_exit(void)
{
	stop();
	kthread_stop(thread);
}

module_init(kst_contexts_init);
module_exit(kst_contexts_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target that runs in contexts without a stack");
