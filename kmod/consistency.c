// SPDX-License-Identifier: GPL-2.0-only
/*
 * Livepatch switches a task when none of its return addresses is between the
 * first and the last byte of a function that is replaced, or of what replaces
 * it (kernel/livepatch/transition.c: klp_check_stack(), 6.1). A task can be in
 * the middle of such a function, and not there:
 *
 *	- in a part that the compiler has split off, f.cold: a symbol of its own,
 *	  to which f jumps. vmlinux has thousands, and so has new code. Or f.part.0,
 *	  which f calls, and jumps to when it calls it last.
 *	- in a function of the livepatch that f has jumped to, because it called
 *	  it last: f is off the stack. Every SYSCALL_DEFINE whose body the compiler
 *	  doesn't inline is such a case: __x64_sys_nanosleep() jumps to
 *	  __do_sys_nanosleep().
 *
 * Such a task would be switched while it executes the rest of f: it would run
 * half of each version, and code that livepatch believes to be unused.
 *
 * So the core makes livepatch's check stricter. Livepatch calls
 * stack_trace_save_tsk_reliable() for the stack of a task. For a task that is
 * where it may not be switched, the hook returns that it isn't reliable. Livepatch then
 * does what it does for any such task: it checks again every second, signals the
 * task, and switches it when it returns to user space. Nothing but livepatch
 * calls this function.
 *
 *	a task that goes	may not be in
 *	to the livepatch	a part that was split off a function that it replaces
 *				the code of a livepatch that it replaces, or that has replaced
 *				one of its functions before
 *	back			the code of the livepatch
 *
 * Of livepatches that aren't split only the first row is kept.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "compat.h"
#include "core.h"

static bool has_function(const struct klp_patch *patch, const void *old_func)
{
	const struct klp_object *klp;
	const struct klp_func *func;

	klp_for_each_object_static(patch, klp)
		klp_for_each_func_static(klp, func)
			if (func->old_func == old_func)
				return true;
	return false;
}

static bool share_a_function(const struct klp_patch *patch, const struct klp_patch *other)
{
	const struct klp_object *klp;
	const struct klp_func *func;

	klp_for_each_object_static(patch, klp)
		klp_for_each_func_static(klp, func)
			if (func->old_func && has_function(other, func->old_func))
				return true;
	return false;
}

static bool leaves(const struct task_struct *task, const struct split_drain *drain)
{
	return READ_ONCE(drain->leaver) == task;
}

/*
 * The livepatch in whose code a task is, in the main or an object module; NULL: in
 * none of ours, or in the exit function of a module of ours that was forced out,
 * where the task waits for this livepatch to be disabled, or for the target to be
 * unloaded (klp_split_remove(), klp_split_unregister()).
 */
static const struct klp_patch *patch_of(const struct module *mod, const struct task_struct *task)
{
	const struct klp_split_record *record;
	const struct split_object *object;

	/* Preemption is off, which is an RCU reader. */
	list_for_each_entry_rcu(record, &split_records, node, !preemptible()) {
		if (!strcmp(record->name, mod->name))
			return leaves(task, &record->drain) ? NULL : record->patch->patch;
		for_each_object(record, object)
			if (!strcmp(object->module, mod->name))
				return leaves(task, &object->drain) ? NULL : record->patch->patch;
	}
	return NULL;
}

/* Is new code of a livepatch left behind when a task is switched? */
static bool leaves_livepatch(const struct klp_patch *transition, bool to_patched,
			     const struct module *mod, const struct task_struct *task)
{
	const struct klp_patch *patch = patch_of(mod, task);

	if (!patch)
		return false;
	if (!to_patched)
		return patch == transition;
	/* A disabled one is left in memory, or draining, and no matter of this transition. */
	if (patch == transition || !patch->enabled)
		return false;
	return transition->replace || share_a_function(transition, patch);
}

static bool replaces(const struct klp_patch *patch, const char *object, const char *name)
{
	const struct klp_object *klp;
	const struct klp_func *func;

	klp_for_each_object_static(patch, klp) {
		if (object ? !klp->name || strcmp(klp->name, object) : !!klp->name)
			continue;
		klp_for_each_func_static(klp, func)
			if (!strcmp(func->old_name, name))
				return true;
	}
	return false;
}

/* What follows the name of a function in that of a part of it; then '.' and a number, or nothing. */
static const char *const parts[] = {
	".cold", /* unlikely code; numbered before GCC 9 */
	".part", /* what is left when the rest is inlined into callers */
};

/* Names aren't unique; one that is equal by chance only delays the switch. */
static bool is_part(const struct klp_patch *patch, unsigned long address, unsigned long *offset)
{
	char name[KSYM_NAME_LEN], *object, *part;
	unsigned long size;
	unsigned int i;
	char next;

	*offset = 1;
	if (!kallsyms_lookup(address, &size, offset, &object, name))
		return false;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		part = strstr(name, parts[i]);
		if (!part)
			continue;
		next = part[strlen(parts[i])];
		if (next && next != '.')
			continue;
		*part = '\0';
		if (replaces(patch, object, name))
			return true;
		*part = '.';
	}
	return false;
}

/*
 * @address is where a task was interrupted, or a return address, which lies
 * behind the call: if that is the last instruction of its function, in the next one.
 */
static bool may_not_be_left(const struct klp_patch *transition, bool to_patched,
			    const struct task_struct *task, unsigned long address)
{
	const struct module *mod = __module_address(address) ?: __module_address(address - 1);
	unsigned long offset;

	if (mod && is_livepatch_module((struct module *)mod))
		return leaves_livepatch(transition, to_patched, mod, task);
	if (!to_patched)
		return false;
	if (is_part(transition, address, &offset))
		return true;
	return !offset && is_part(transition, address - 1, &offset);
}

/**
 * consistency_check() - may livepatch switch a task, as far as it doesn't see itself?
 * @task: the task, which is in the way of the transition
 * @entries: its stack, from stack_trace_save_tsk_reliable()
 * @n: number of @entries
 *
 * Called by klp_check_stack() with preemption off and, for all but the current
 * task, under the locks of task_call_func(). So it takes no lock. What it reads
 * stays: klp_transition_patch is reset only after all CPUs have scheduled
 * (klp_synchronize_transition()), records and modules are freed after RCU's
 * grace periods.
 *
 * Return: false if it has to stay as it is for now.
 */
bool consistency_check(const struct task_struct *task, const unsigned long *entries, int n)
{
	const struct klp_patch *transition = READ_ONCE(*kernel.klp_transition_patch);
	bool to_patched;
	int i;

	if (!transition)
		return true;
	/* The task isn't where the transition leads to, or livepatch would not ask. */
	to_patched = task->patch_state != COMPAT_KLP_PATCHED;
	for (i = 0; i < n; i++)
		if (may_not_be_left(transition, to_patched, task, entries[i]))
			return false;
	return true;
}
