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
 * A task may be past exit_tasks_rcu_start() when the core is loaded. hooks_install()
 * waits for it (synchronize_rcu_tasks()), on 6.12 unless it sleeps there. It can sleep in
 * these places:
 *
 *	- zap_pid_ns_processes(), for any length of time: the last task of a PID
 *	  namespace waits there for all others. It is on the list of tasks, and
 *	  exiting_find() enters it into the table.
 *	- what exit_notify() and do_exit() call to free things, after the task has left
 *	  the list: proc_flush_pid(), free_pipe_info(), in other configurations more. These
 *	  wait for locks of file systems at most, and for nothing that user space
 *	  decides. The kernel has no list of such tasks, other than one private to RCU.
 *
 * So drain.c can miss a task only if it was in the second place for the whole of the
 * core's load, and is still in do_exit() when a livepatch has been loaded, enabled,
 * disabled, and is removed, and then sleeps in a function of that livepatch.
 *
 * Livepatch has the same difficulty with these tasks. klp_init_transition() gives an
 * initial state to each task on the list. If one that has left the list calls a replaced
 * function during the transition, or an interrupt of that task does,
 * klp_ftrace_handler() warns that it has none (WARN_ON_ONCE(), kernel/livepatch/patch.c,
 * 6.1 and 6.12), and with panic_on_warn the machine stops. So the core gives the initial
 * state to those that it follows: exiting_set_state().
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "compat.h"
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

/* Return: false if the table is full. */
static __always_inline bool enter(struct task_struct *task)
{
	struct task_struct **slot;

	while ((slot = find_slot(NULL)))
		/* A full barrier, before the task leaves the list: exiting_next() */
		if (!cmpxchg(slot, NULL, task))
			return true;
	return false;
}

/* Is it the one that zap_pid_ns_processes() is called by, or is to be called by? */
static __always_inline bool is_reaper(struct task_struct *task)
{
	struct pid *pid = task_pid(task);

	return pid && ns_of_pid(pid)->child_reaper == task;
}

/*
 * On 6.1 the last task of a PID namespace calls exit_tasks_rcu_start() more than once
 * (kernel/pid_namespace.c: zap_pid_ns_processes()), and exiting_find() may have entered
 * it. All others come here once, and it would take long to search the table for them.
 */
static __always_inline bool is_followed(void)
{
	return is_reaper(current) && find_slot(current);
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
	if (!is_followed() && !enter(current))
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

	/* For interrupts that come before the task is off its CPU: exiting_set_state() */
	if (!pid_alive(current))
		WRITE_ONCE(current->patch_state, COMPAT_KLP_UNPATCHED);
}

/* Called by task_call_func(). While it runs, @task can't begin to. */
static int find_one(struct task_struct *task, void *unused)
{
	if (task->exit_state || !(task->flags & PF_EXITING) || !is_reaper(task))
		return 0;
	if (task_curr(task))
		return -EBUSY;
	if (!find_slot(task) && !enter(task))
		atomic_inc(&not_followed);
	return 0;
}

static bool find_all(void)
{
	struct task_struct *process, *task;
	bool again = false;

	rcu_read_lock();
	for_each_process_thread(process, task)
		if (task_call_func(task, find_one, NULL))
			again = true;
	rcu_read_unlock();
	return !again;
}

/**
 * exiting_find() - follow the tasks that wait in zap_pid_ns_processes()
 *
 * For those that are past exit_tasks_rcu_start(). The others are entered sooner than
 * need be. The caller has hooked both functions.
 */
void exiting_find(void)
{
	might_sleep();

	/* One that runs would have to be stopped. It soon sleeps, or ends. */
	while (!find_all())
		schedule_timeout_uninterruptible(1);
}

/**
 * exiting_set_state() - set the state for a transition of tasks that are on no list
 * @state: the one that the transition begins with
 *
 * Called before klp_init_transition(), and after it for tasks that have left the list in
 * between. Those on the list are livepatch's business: it warns if they have a state
 * before. None that has left the list comes back, so no lock is needed: if it is just
 * being taken off, klp_init_transition() waits for tasklist_lock.
 *
 * What is missed: tasks that aren't followed; and one that leaves the list between
 * these two calls, if an interrupt of it meets a function of a livepatch that is being
 * disabled, before the second.
 */
void exiting_set_state(int state)
{
	struct task_struct *task;
	unsigned int i = 0;

	lockdep_assert_held(kernel.klp_mutex);

	rcu_read_lock();
	while ((task = exiting_next(&i)))
		if (!pid_alive(task))
			WRITE_ONCE(task->patch_state, state);
	rcu_read_unlock();
}

/**
 * exiting_next() - the next of the tasks that are followed
 * @i: where to go on; 0 at first
 *
 * If the caller has walked over the list of tasks before, each task that was missed
 * there because it had left the list is found here, unless it has called do_task_dead().
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
