// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core has to act at three moments of a module's life and at two of a
 * transition. The kernel has no callbacks there, so the core redirects five functions
 * by ftrace, as livepatch does with the functions that it replaces:
 *
 *	klp_module_coming()	called by the module loader directly; livepatch must not
 *				look at a target before its object modules are loaded
 *	parse_args()		the moment to load them, see below
 *	klp_module_going()	called by the module loader directly; the object modules
 *				are unloaded after it, before the target's memory is freed
 *	stack_trace_save_tsk_reliable()
 *				livepatch calls it to decide whether it may switch a task:
 *				consistency.c
 *	klp_init_transition()	gives tasks the state that a transition begins with, all but
 *				those that are on no list any more: exiting.c
 *
 * Two more functions are only watched, without a redirection: exiting.c.
 *
 * Why parse_args(), which has nothing to do with livepatching: object modules have to
 * be loaded after all COMING notifiers (targets.c), and before the first instruction of
 * the target, which may be the set function of a parameter. Between the two the
 * module loader calls no other function that isn't inlined.
 *
 * A COMING notifier of the lowest priority would not do. It would run under the
 * notifier chain's lock, held for reading, and loading an object module takes that lock
 * again. If a module notifier is registered in between, the second reader waits for the
 * writer, the writer for the first reader, and the first reader for the object module.
 * Also, two notifiers of the lowest priority run in an arbitrary order.
 *
 * Other calls of parse_args() cost little: after boot the kernel calls it once for each
 * module that is loaded. The hook compares one pointer for each module that is being
 * loaded at that moment (target_ready()), and calls the original.
 *
 * The hooks let the core's own calls of the originals through; they recognise them by
 * the return address. So a replacement must not end in a tail call of the original.
 *
 * A task may sleep in a replacement for seconds, and when a hook is unregistered, ftrace
 * waits only for running tasks. So each redirected call takes a reference on the core:
 * the core can't be removed during the call.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/stacktrace.h>

#include "compat.h"
#include "core.h"

static int hook_klp_module_coming(struct module *mod)
{
	int err = target_coming(mod);

	module_put(THIS_MODULE);
	return err;
}

static void hook_klp_module_going(struct module *mod)
{
	target_going(mod);
	module_put(THIS_MODULE);
}

static char *hook_parse_args(const char *doing, char *args, const struct kernel_param *params,
			     unsigned int num, s16 level_min, s16 level_max, void *arg,
			     int (*unknown)(char *param, char *val, const char *doing, void *arg))
{
	int err = target_ready(doing);
	char *ret;

	if (err)
		ret = ERR_PTR(err);
	else
		ret = parse_args(doing, args, params, num, level_min, level_max, arg, unknown);
	module_put(THIS_MODULE);
	return ret;
}

/* Under the locks of task_call_func(): see consistency_check(). */
static int hook_stack_trace_save_tsk_reliable(struct task_struct *task, unsigned long *store,
					      unsigned int size)
{
	int n = stack_trace_save_tsk_reliable(task, store, size);

	if (n > 0 && !consistency_check(task, store, n))
		n = -EINVAL;
	module_put(THIS_MODULE);
	return n;
}

static void hook_klp_init_transition(struct klp_patch *patch, int state)
{
	exiting_set_state(!state);
	klp_init_transition(patch, state);
	exiting_set_state(!state);
	module_put(THIS_MODULE);
}

struct hook {
	struct ftrace_ops ops;
	const char *name;
	void *const *original;
	void *replacement;
};

/*
 * False if the core is being removed and nothing uses it: then the original runs.
 * try_module_get() would also fail for a core that was forced out while a module is
 * being loaded, but that module still needs the core: wait_until_unused().
 */
static __always_inline bool hold_core(void)
{
	return atomic_inc_not_zero(&THIS_MODULE->refcnt);
}

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	const struct hook *hook = container_of(ops, struct hook, ops);

	if (within_module(parent_ip, THIS_MODULE))
		return;
	if (!hold_core())
		return;
	compat_set_instruction_pointer(fregs, (unsigned long)hook->replacement);
}

/*
 * Addresses for ftrace; nothing calls through them (see struct kernel_symbols).
 * `klp-relocs verify` knows this section.
 */
#define PLACE(_name) static void *const place_##_name __section(".klp_split.places") = _name

PLACE(do_task_dead);
PLACE(exit_tasks_rcu_start);
PLACE(stack_trace_save_tsk_reliable);
PLACE(klp_init_transition);
PLACE(parse_args);
PLACE(klp_module_going);
PLACE(klp_module_coming);

/*
 * IPMODIFY: ftrace refuses it if another user redirects the same function. PERMANENT:
 * the kernel refuses sysctl kernel.ftrace_enabled=0 while the core is loaded.
 */
#define HOOK(_name)                                                                                \
	{                                                                                          \
		.ops = {                                                                           \
			.func = redirect,                                                          \
			.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY |                  \
				 FTRACE_OPS_FL_PERMANENT,                                          \
		},                                                                                 \
		.name = #_name, .original = &place_##_name, .replacement = hook_##_name,           \
	}

#define WATCH(_name, _handler)                                                                     \
	{                                                                                          \
		.ops = {                                                                           \
			.func = _handler,                                                          \
			.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_PERMANENT,                  \
		},                                                                                 \
		.name = #_name, .original = &place_##_name,                                        \
	}

/*
 * In the order of installation. Only exiting_end() removes a task from the table that
 * exiting_begin() entered it into, so it is installed before, and removed after it. The
 * hook of klp_module_coming() makes entries that only the other two hooks end, so it is
 * installed last and removed first.
 */
static struct hook hooks[] = {
	WATCH(do_task_dead, exiting_end),
	WATCH(exit_tasks_rcu_start, exiting_begin),
	HOOK(stack_trace_save_tsk_reliable),
	HOOK(klp_init_transition),
	HOOK(parse_args),
	HOOK(klp_module_going),
	HOOK(klp_module_coming),
};

static int hook_install(struct hook *hook)
{
	int err;

	err = ftrace_set_filter_ip(&hook->ops, (unsigned long)*hook->original, 0, 0);
	if (!err) {
		err = register_ftrace_function(&hook->ops);
		if (err)
			ftrace_free_filter(&hook->ops);
	}
	if (err)
		pr_err("core: %s can't be hooked (%d); check kernel.ftrace_enabled, and for kprobes or tracers that redirect it\n",
		       hook->name, err);
	return err;
}

/*
 * The core's memory must not be freed while ftrace may call redirect(). ftrace fails to
 * unregister a hook only after it found its own tables damaged, and reports that; the
 * wait then ends with a reboot.
 */
static void hook_remove(struct hook *hook)
{
	int err = unregister_ftrace_function(&hook->ops);

	if (err)
		pr_crit("core: %s can't be unhooked (%d), so the core can't be removed; look for a warning of ftrace above, and reboot\n",
			hook->name, err);
	while (err) {
		msleep(1000);
		err = unregister_ftrace_function(&hook->ops);
	}
	ftrace_free_filter(&hook->ops);
}

static void remove_first(int n)
{
	while (n--)
		hook_remove(&hooks[n]);

	/* Tasks that have dropped their reference, but not yet returned from a replacement */
	synchronize_rcu_tasks();
}

/**
 * hooks_install() - redirect the functions
 *
 * Return: 0, or a negative errno with none redirected.
 */
int hooks_install(void)
{
	int err, i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = hook_install(&hooks[i]);
		if (err) {
			remove_first(i);
			return err;
		}
	}
	/* For tasks that were past exit_tasks_rcu_start() before it was watched: exiting.c */
	synchronize_rcu_tasks();
	exiting_find();
	return 0;
}

/**
 * hooks_remove() - end the redirections
 *
 * The core's exit calls this when nobody holds or can take a reference on the core, so there is
 * neither a redirected call nor an entry of a coming module.
 */
void hooks_remove(void)
{
	remove_first(ARRAY_SIZE(hooks));
}
