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
 * before exit_notify(), to do_task_dead(), its last call. Both functions are watched by
 * ftrace, without a redirection, so livepatches and kprobes may use them too. The core
 * relies on this of both kernels:
 *
 *	- A task is on the list of tasks until it has called exit_tasks_rcu_start().
 *	- Preemption is off from before do_task_dead() until the task has left its CPU
 *	  for the last time. So an RCU grace period waits for the rest (drain_wait()).
 *	- A task holds a reference on its own task_struct in rcu_users, which the
 *	  scheduler drops after do_task_dead() (finish_task_switch()). An RCU grace period
 *	  follows before the task_struct is freed (put_task_struct_rcu_user()). So the
 *	  table holds no references: a reader of RCU who finds a task there may use it.
 *
 * The handlers run for each task that ends, in its context. They must be quick and must
 * not fail or sleep, so they don't allocate memory: a task enters itself into a table.
 * The time between the two functions is short and hardly ever spent asleep, so few
 * tasks are there at once. A task that finds the table full is only counted. Then
 * drain.c waits until that number is 0.
 *
 * The handlers call no function, so ftrace can't call them again from inside, and they
 * need no protection against recursion (FTRACE_OPS_FL_RECURSION asks for it). do_exit()
 * runs where RCU watches, so they don't ask for FTRACE_OPS_FL_RCU either.
 *
 * What isn't followed: a task that was past exit_tasks_rcu_start() when the core was
 * loaded. hooks_install() waits for such tasks, so they are gone before there is a
 * livepatch. But on 6.12 it can't wait for one that sleeps there at that moment. The
 * kernel has no list that such a task is on, other than one private to RCU. drain.c
 * misses it if it sleeps in do_exit() while the core is loaded, then wakes up, calls a
 * function of a livepatch, and sleeps again, in that one, while the livepatch leaves
 * memory.
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

#include "core.h"

#define N_SLOTS 1024

/* A task takes a slot that is NULL, and resets no other slot than its own. */
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
	while ((slot = find_slot(NULL)))
		/* A full barrier, before the task leaves the list: exiting_next() */
		if (!cmpxchg(slot, NULL, current))
			return;
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

	/*
	 * A task without a slot has been counted, unless it was past exit_tasks_rcu_start()
	 * when the core was loaded, or never came there, because it has oopsed in do_exit()
	 * (make_task_dead()). Such a task is taken for one that has been counted, if the
	 * table was full at some moment and another task is still counted.
	 */
	if (slot)
		WRITE_ONCE(*slot, NULL);
	else
		atomic_dec_if_positive(&not_followed);
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
