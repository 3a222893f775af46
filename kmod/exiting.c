// SPDX-License-Identifier: GPL-2.0-only
/*
 * exit_notify() takes a task off the list of tasks, or lets its parent do so, while
 * the task still executes do_exit() (kernel/exit.c, 6.1 and 6.12). From then on no
 * walk over tasks finds it, and whatever do_exit() calls may be a function of a
 * livepatch. The core must find such a task before it lets that function leave memory
 * (drain.c).
 *
 * RCU's grace period for tasks isn't enough. synchronize_rcu_tasks() waits for each
 * task between exit_tasks_rcu_start() and the end of do_exit() on 6.1, where these
 * tasks are SRCU readers. On 6.12 they are on lists of their own, and the grace period
 * ignores those of them that sleep (kernel/rcu/tasks.h: rcu_tasks_is_holdout()).
 *
 * So the core follows tasks from exit_tasks_rcu_start(), which do_exit() calls just
 * before exit_notify(), to do_task_dead(), its last call. It relies on this of both
 * kernels:
 *
 *	- a task is on the list of tasks until it has called exit_tasks_rcu_start()
 *	- preemption is off from before do_task_dead() until the task has left its CPU
 *	  for the last time, so synchronize_rcu() waits for the rest
 *	- a task_struct is freed after a grace period of RCU that begins after that
 *	  (put_task_struct_rcu_user())
 *
 * Both functions are watched by ftrace, without a redirection, so livepatches and
 * kprobes may use them too. The handlers run for each task that ends. They must be
 * quick and can't fail, so they don't allocate memory: a task enters itself into a
 * table. The time between the two functions is short and hardly ever spent asleep, so
 * few tasks are there at once. A task that finds the table full is only counted; then
 * drain.c waits until that number is 0.
 *
 * A task that was past exit_tasks_rcu_start() when the core was loaded isn't followed.
 * hooks_install() waits for such tasks, so they are gone before there is a livepatch.
 * On 6.12 it misses a task that sleeps there at that moment. If that task goes on to a
 * function of a livepatch, and sleeps in it, drain.c doesn't see it.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "core.h"

#define N_SLOTS 1024

/* Each with a reference on the task. A task writes its own slot only. */
static struct task_struct *slots[N_SLOTS];
static atomic_t not_followed = ATOMIC_INIT(0);

/* The first slot with @task, or NULL, in the order in which the current task looks. */
static __always_inline struct task_struct **find_slot(const struct task_struct *task)
{
	unsigned int first = hash_ptr(current, ilog2(N_SLOTS));
	struct task_struct **slot;
	unsigned int i;

	for (i = 0; i < N_SLOTS; i++) {
		slot = &slots[(first + i) % N_SLOTS];
		if (READ_ONCE(*slot) == task)
			return slot;
	}
	return NULL;
}

/*
 * On 6.1 the last task of a PID namespace calls exit_tasks_rcu_start() more than once
 * (kernel/pid_namespace.c: zap_pid_ns_processes()).
 */
static __always_inline bool is_followed(void)
{
	return ns_of_pid(task_pid(current))->child_reaper == current && find_slot(current);
}

/**
 * exiting_begin() - follow the current task, which calls exit_tasks_rcu_start()
 * @ip: as for all handlers of ftrace
 * @parent_ip: the same
 * @ops: the same
 * @fregs: the same
 */
void notrace exiting_begin(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	struct task_struct **slot;

	if (is_followed())
		return;
	get_task_struct(current);
	while ((slot = find_slot(NULL)))
		if (!cmpxchg(slot, NULL, current))
			return;
	put_task_struct(current);
	atomic_inc(&not_followed);
}

/**
 * exiting_end() - the current task, which calls do_task_dead(), has left do_exit()
 * @ip: as for all handlers of ftrace
 * @parent_ip: the same
 * @ops: the same
 * @fregs: the same
 */
void notrace exiting_end(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
	struct task_struct **slot = find_slot(current);

	if (slot) {
		WRITE_ONCE(*slot, NULL);
		put_task_struct(current); /* never the last one: the scheduler has another */
	} else {
		/* Or it was here before the core was. */
		atomic_dec_if_positive(&not_followed);
	}
}

/**
 * exiting_next() - the next of the tasks that are followed
 * @i: where to go on; 0 at first
 *
 * The caller has walked over the list of tasks before. Each task that was missed there
 * because it had left the list is found here, unless it has called do_task_dead().
 *
 * Return: the task, which stays until rcu_read_unlock(); NULL: there are no more.
 */
struct task_struct *exiting_next(unsigned int *i)
{
	struct task_struct *task;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "a task may be freed when it has left its slot");

	/* Pairs with cmpxchg() in exiting_begin(), before the task leaves the list. */
	smp_rmb();
	while (*i < N_SLOTS) {
		task = READ_ONCE(slots[(*i)++]);
		if (task)
			return task;
	}
	return NULL;
}

/**
 * exiting_not_followed() - number of tasks that exiting_next() doesn't find
 *
 * Return: that number; more than 0 only if the table was full.
 */
unsigned int exiting_not_followed(void)
{
	return atomic_read(&not_followed);
}

/**
 * exiting_forget() - drop the references on tasks that are still followed
 *
 * The handlers have been unregistered, and nothing looks at these tasks any more.
 */
void exiting_forget(void)
{
	struct task_struct *task;
	unsigned int i;

	for (i = 0; i < N_SLOTS; i++) {
		task = xchg(&slots[i], NULL);
		if (task)
			put_task_struct(task);
	}
}
