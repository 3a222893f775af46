// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module's memory may be freed only when no task executes its code. Livepatch
 * does not say so. Its transition ends when no task is between the first and the
 * last byte of a replaced function; it does not look for a function that the new
 * one has jumped to, for a part that the compiler has split off (f.cold), or for
 * a function that runs because its address was given away, to a timer or to a
 * work item. consistency.c keeps the first two from being switched. This file is
 * about memory, and trusts neither: before a main or an object module leaves, the
 * stacks of all tasks are searched for its text.
 *
 * Why a task that is seen outside of the text stays outside
 *
 *	When drain_wait() is called, livepatch has taken the functions of the
 *	module off its lists and their ftrace_ops: of a main module, because its
 *	exit runs only when livepatch has dropped its reference
 *	(klp_free_patch_finish()); of an object module, because
 *	klp_module_going() has returned, or the main module is at its exit. Other
 *	modules can't refer to it: that would hold a reference. What is left:
 *
 *	- an ftrace handler on another CPU has read the new function's address
 *	  before, and is about to go there. Handlers, interrupts and softirqs are
 *	  RCU readers; synchronize_rcu() waits for them.
 *	- a task was preempted in an ftrace trampoline, after the handler: its
 *	  stack doesn't show where it is about to go. synchronize_rcu_tasks()
 *	  waits until it has slept, or has been in user space, or has ended.
 *	- a task is in the text. It is seen there, now or at a later look.
 *	- the address of a function was given away, and nobody has taken it back:
 *	  a timer, a work item, a kernel thread that is still to start. No look
 *	  at stacks can find that. kpatch-build warns of it (KS147), RCU callbacks
 *	  are waited for by the templates (rcu_barrier()).
 *	- a system call was interrupted, and is to go on in a function of the module
 *	  (restart_block.fn) when its task, which may be stopped, gets there. That
 *	  is found with the task, and led to where such calls end that can't go on:
 *	  they fail with EINTR. The pointer stays when the call is over, and user
 *	  space may use it at any time (restart_syscall()).
 *
 *	- a task that ends is taken off the list of tasks by exit_notify(), and goes
 *	  on in do_exit(), which may call a function of the module. exiting.c
 *	  follows such tasks, and a look includes them.
 *
 *	So each task is seen outside, not all at the same moment; then the grace
 *	periods pass; then each is seen outside again. A task that the first look
 *	missed for one of these reasons is found by the second, or has ended. If the
 *	second finds one, all is done again. Tasks that are forked meanwhile start
 *	outside of the text, unless the address of their function was given away.
 *
 * Why the stack of a task says where it is: it is walked with the kernel's own
 * reliable unwinder, while the scheduler keeps the task as it is
 * (task_call_func(), as in kernel/livepatch/transition.c: klp_try_switch_task());
 * a task that runs, by an interrupt on its CPU. The unwinder knows return
 * addresses that kretprobes and the function graph tracer have saved elsewhere.
 * A stack that it can't walk may hold anything, and is looked at again later.
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

/* 0: it is outside of the text; else it is inside, or that can't be said now. */
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
 * A task may leave its CPU before the interrupt comes, and be on another before
 * it is looked at again; a few tries, then the next look has to find it.
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

/* Tasks that can't be looked at are shown as one, of which only the reason is known. */
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
 * Left out is who is in the exit function of the module, and waits there for this
 * to end: that of a main module, and of an object module that was forced out.
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
	/* A task names itself; a newline would begin a line in sysfs, or in the log. */
	snprintf(text, size, "%d %s %*pE", user->pid, symbol, (int)strlen(user->comm), user->comm);
}

static void log_users(const char *patch, const struct module *mod, const struct split_drain *found)
{
	char text[128];

	describe_user(&found->user[0], text, sizeof(text));
	pr_notice("%s: %s is draining: %u task(s) may be in its code, the first is %s; it is freed after they have left, see held_by in /sys/kernel/klp_split/%s\n",
		  patch, mod->name, found->total, text, patch);
}

/* Who is there is shown; how many of them there are. */
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
 * drain_look() - show who is in the text of a module now
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
 * @drain: where to show who is there; split_lock
 * @mod: the module, which livepatch doesn't use any more; somebody keeps it in memory
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
 * drain_show() - who is in the code of a module that is to leave
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
