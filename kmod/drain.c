// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module's memory may be freed only when no task executes its code. Livepatch
 * doesn't guarantee that. Its transition ends when no task is between the first and
 * the last byte of a replaced function. It doesn't check functions to which the new
 * one has jumped, parts that the compiler has split off (f.cold), and functions that
 * run because their address was passed to a timer or a work item. consistency.c
 * prevents that tasks in the first two are switched. This file is about memory, and
 * relies on neither: before a main or an object module is freed, the stacks of all
 * tasks are searched for its text.
 *
 * Why a task that is seen outside of the text stays outside
 *
 *	When drain_wait() is called, livepatch has taken the functions of the
 *	module off its lists and their ftrace_ops: of a main module, because its
 *	exit runs only when livepatch has dropped its reference
 *	(klp_free_patch_finish()); of an object module, because
 *	klp_module_going() has returned, or the main module is at its exit. Other
 *	modules can't refer to it: that would hold a reference. These cases remain:
 *
 *	- an ftrace handler on another CPU has read the new function's address
 *	  before, and is about to jump to it. Handlers, interrupts and softirqs are
 *	  RCU readers; synchronize_rcu() waits for them.
 *	- a task was preempted in an ftrace trampoline, after the handler: its
 *	  stack doesn't show where it will continue. synchronize_rcu_tasks()
 *	  waits until it has slept, or has been in user space, or has ended.
 *	- a task is in the text. It is seen there, now or at a later look.
 *	- the address of a function was passed on and is still in use: by a timer,
 *	  a work item, a kernel thread that hasn't started yet. No search of stacks
 *	  can find that. kpatch-build warns of it (KS147); the templates wait for
 *	  RCU callbacks (rcu_barrier()).
 *	- a system call was interrupted, and its task, which may be stopped, will
 *	  restart it in a function of the module (restart_block.fn). The search
 *	  finds the pointer with the task, and replaces it, so that the call fails
 *	  with EINTR, like calls that can't be restarted. The pointer stays after
 *	  the call, and user space may use it at any time (restart_syscall()).
 *	- exit_notify() removes a task that exits from the list of tasks. The task
 *	  continues in do_exit(), which may call a function of the module. exiting.c
 *	  follows such tasks, and the search includes them.
 *
 *	So each task is seen outside, not all at the same moment; then the grace
 *	periods pass; then each is seen outside again. A task that the first search
 *	missed for one of these reasons is found by the second, or has ended. If the
 *	second finds one, everything is repeated. Tasks that are forked meanwhile
 *	start outside of the text, unless the address of their function was passed on.
 *
 * Why the stack of a task tells where it is: the kernel's own reliable unwinder
 * walks it, while the scheduler keeps the task in its state (task_call_func(), as
 * in kernel/livepatch/transition.c: klp_try_switch_task()). The stack of a running
 * task is walked by an interrupt on its CPU. The unwinder knows return addresses
 * that kretprobes and the function graph tracer have saved elsewhere. A stack that
 * it can't walk may contain anything, and is checked again later.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/restart_block.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "core.h"

/**
 * struct look - a look at the stack of one task
 * @mod: the module that is to leave
 * @task: the task
 * @address: where it is in the text of @mod; 0: it was not found there
 * @ret: for a task that runs: what the look has given
 */
struct look {
	const struct module *mod;
	struct task_struct *task;
	unsigned long address;
	int ret;
};

static bool is_outside(void *cookie, unsigned long address)
{
	struct look *look = cookie;

	if (!compat_in_text(look->mod, address))
		return true;
	look->address = address;
	return false;
}

/* 0: it is outside of the text; else it is inside, or this isn't known now. */
static int look_at_stack(struct task_struct *task, void *arg)
{
	struct look *look = arg;
	int ret;

	look->address = 0;
	if (task != current && task_curr(task))
		return -EBUSY;
	/* A task without a stack has ended (kernel/stacktrace.c, 6.1). */
	if (!try_get_task_stack(task))
		return 0;
	ret = arch_stack_walk_reliable(is_outside, look, task);
	put_task_stack(task);
	return look->address ? -EADDRINUSE : ret;
}

/* On the CPU where the task was seen to run. */
static void look_at_current(void *arg)
{
	struct look *look = arg;

	look->ret = current == look->task ? look_at_stack(current, look) : -EBUSY;
}

/*
 * A task may leave its CPU before the interrupt arrives, and be on another one
 * before it is checked again. After a few tries it is left to the next search.
 */
static int look_at_task(struct look *look)
{
	int tries, ret = -EBUSY;

	for (tries = 0; tries < 3 && ret == -EBUSY; tries++) {
		ret = task_call_func(look->task, look_at_stack, look);
		if (ret != -EBUSY)
			break;
		look->ret = -EBUSY;
		smp_call_function_single(task_cpu(look->task), look_at_current, look, 1);
		ret = look->ret;
	}
	return ret;
}

static void note_task(struct split_drain *found, const struct look *look)
{
	struct split_user *user = &found->user[found->n];

	found->total++;
	if (found->n == ARRAY_SIZE(found->user))
		return;
	found->n++;
	user->pid = task_pid_nr(look->task);
	user->address = look->address;
	memcpy(user->comm, look->task->comm, sizeof(user->comm));
	user->comm[sizeof(user->comm) - 1] = '\0';
}

/*
 * Return: whether there was a system call to end. A task that has just read the pointer
 * is waited for by the grace periods, and found by the look after them.
 */
static bool end_restarts(const struct module *mod)
{
	struct task_struct *process, *task;
	long (*fn)(struct restart_block *restart);
	bool any = false;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		fn = READ_ONCE(task->restart_block.fn);
		if (!compat_in_text(mod, (unsigned long)fn))
			continue;
		cmpxchg(&task->restart_block.fn, fn, do_no_restart_syscall);
		any = true;
	}
	rcu_read_unlock();
	return any;
}

/* Tasks that can't be checked are shown as one entry, which only has the reason. */
static void note_not_followed(struct split_drain *found, unsigned int n)
{
	struct split_user *user = &found->user[found->n];

	found->total += n;
	if (!n || found->n == ARRAY_SIZE(found->user))
		return;
	found->n++;
	*user = (struct split_user){ .comm = "exiting" };
}

static void look_and_note(struct look *look, struct split_drain *found)
{
	if (look->task != found->leaver && look_at_task(look))
		note_task(found, look);
}

/*
 * Leave out the task that is in the exit function of the module and waits there for
 * this to end: of a main module, or of an object module whose removal was forced.
 */
static void look_at_all(const struct module *mod, struct split_drain *found)
{
	struct look look = { .mod = mod };
	struct task_struct *process;
	unsigned int cpu, i = 0;

	found->n = 0;
	found->total = 0;

	rcu_read_lock();
	for_each_process_thread(process, look.task)
		look_and_note(&look, found);
	/* After the list: a task is here before it leaves that. */
	while ((look.task = exiting_next(&i)))
		look_and_note(&look, found);
	rcu_read_unlock();
	note_not_followed(found, exiting_not_followed());

	/* Idle tasks are on no list; a function of a cpuidle driver may be replaced. */
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		look.task = idle_task(cpu);
		look_and_note(&look, found);
	}
	cpus_read_unlock();
}

static void describe_user(const struct split_user *user, char *text, size_t size)
{
	char symbol[KSYM_SYMBOL_LEN] = "?";

	if (user->address)
		sprint_symbol_no_offset(symbol, user->address - 1);
	symbol[strcspn(symbol, " ")] = '\0';
	/* A task can set its name; a newline would start a new line in sysfs or in the log. */
	snprintf(text, size, "%d %s %*pE", user->pid, symbol, (int)strlen(user->comm), user->comm);
}

static void log_users(const char *patch, const struct module *mod, const struct split_drain *found)
{
	char text[128];

	describe_user(&found->user[0], text, sizeof(text));
	pr_notice("%s: %s is draining: %u task(s) may be in its code, the first is %s; it is freed after they have left, see held_by in /sys/kernel/klp_split/%s\n",
		  patch, mod->name, found->total, text, patch);
}

/* Show the tasks in the text; returns their number. */
static unsigned int look_and_show(const struct module *mod, struct split_drain *drain,
				  struct split_drain *found)
{
	mutex_lock(&split_lock);
	found->leaver = drain->leaver;
	mutex_unlock(&split_lock);
	look_at_all(mod, found);
	mutex_lock(&split_lock);
	found->leaver = drain->leaver;
	*drain = *found;
	mutex_unlock(&split_lock);
	return found->total;
}

/**
 * drain_look() - show which tasks are in the text of a module now
 * @drain: as for drain_wait()
 * @mod: as for drain_wait()
 */
void drain_look(struct split_drain *drain, const struct module *mod)
{
	struct split_drain found = {};

	lockdep_assert_not_held(&split_lock);

	look_and_show(mod, drain, &found);
}

static void wait_until_none_is_seen(struct klp_split_record *record, struct split_drain *drain,
				    const struct module *mod)
{
	unsigned long next_line = jiffies + HZ;
	struct split_drain found = {};
	long pause = 1;

	while (look_and_show(mod, drain, &found)) {
		if (time_after(jiffies, next_line)) {
			log_users(record->name, mod, &found);
			next_line = jiffies + 60 * HZ;
		}
		split_sleep(pause);
		pause = min_t(long, pause * 2, HZ);
	}
}

/**
 * drain_wait() - wait until no task is in the text of a module
 * @record: the livepatch that it belongs to; the caller is its remover, or the
 *	owner of the object
 * @drain: where to show these tasks; split_lock
 * @mod: the module, which livepatch no longer uses; the caller keeps it in memory
 *
 * Called without split_lock. Can't fail, and no signal ends it: the caller is
 * about to free memory that @mod's code refers to, or @mod itself. It sleeps by
 * split_sleep(), so it is no hung task and may be frozen. Ends when each task has
 * been seen outside of the text; none of them waits for the caller: what the code
 * of a target may still wait for is finished before klp_module_going(), see
 * target_going().
 */
void drain_wait(struct klp_split_record *record, struct split_drain *drain,
		const struct module *mod)
{
	struct split_drain found = {};

	lockdep_assert_not_held(&split_lock);

	do {
		wait_until_none_is_seen(record, drain, mod);
		end_restarts(mod);
		synchronize_rcu();
		/*
		 * An expedited grace period may end while a task that calls do_task_dead()
		 * is still in the scheduler, with interrupts off (exiting.c).
		 */
		kick_all_cpus_sync();
		synchronize_rcu_tasks();
		/* In this order: a task sets the pointer before it leaves the module's text. */
	} while (look_and_show(mod, drain, &found) || end_restarts(mod));
}

/**
 * drain_show() - print the tasks in the code of a module that is to be freed
 * @drain: what drain_wait() has found
 * @buf: a page of sysfs
 *
 * Return: number of bytes written.
 */
ssize_t drain_show(const struct split_drain *drain, char *buf)
{
	ssize_t length = 0;
	char text[128];
	unsigned int i;

	lockdep_assert_held(&split_lock);

	for (i = 0; i < drain->n; i++) {
		describe_user(&drain->user[i], text, sizeof(text));
		length += sysfs_emit_at(buf, length, "%s\n", text);
	}
	return length;
}
