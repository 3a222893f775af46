// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core has to act at three moments of a module's life, and at one of a
 * transition, at which the kernel asks nobody. So ftrace redirects four functions to
 * ones here, as livepatch does with the functions that it replaces:
 *
 *	klp_module_coming()	called by the module loader directly; livepatch must not
 *				look at a target before its object modules are loaded
 *	parse_args()		the moment to load them, see below
 *	klp_module_going()	called by the module loader directly; the object modules
 *				leave after it, and before the target's memory is freed
 *	stack_trace_save_tsk_reliable()
 *				where livepatch asks whether a task may be switched:
 *				consistency.c
 *
 * Why parse_args(), which isn't about livepatching at all: object modules have to be
 * loaded after all COMING notifiers (targets.c), and before the first instruction of
 * the target, which may be the set function of a parameter. Between the two the
 * module loader calls nothing else that isn't inlined.
 *
 * A COMING notifier of the lowest priority is no replacement. It would run under the
 * notifier chain's lock, held for reading, and the load of an object module takes that
 * again. If somebody registers a module notifier in between, the second reader waits
 * for the writer, the writer for the first reader, and that one for the object module.
 * Two modules with a notifier of the lowest priority would run in any order, too.
 *
 * Who else calls parse_args() pays little: after boot it is called once for each
 * module that is loaded. The hook compares one pointer for each module that is being
 * loaded at that moment (target_ready()), and calls the original.
 *
 * The core's own calls of the originals are let through; they are known by
 * their return address. So a replacement must not end in a tail call of the
 * original.
 *
 * A task may sleep in a replacement for seconds, and ftrace, when it forgets a
 * hook, waits only for tasks that run. So each redirected call takes a reference
 * on the core: while one is under way the core can't be removed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
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

struct hook {
	struct ftrace_ops ops;
	const char *name;
	void *const *original;
	void *replacement;
};

/*
 * False once the core is being removed with nobody using it: then the original is
 * right. try_module_get() would fail as well for a core that was forced out while
 * a module is being loaded, and that module still needs it: wait_until_unused().
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
 * Where ftrace redirects, and nothing that could be called: see struct
 * kernel_symbols. `klp-relocs verify` tells this section from others.
 */
#define PLACE(_name) static void *const place_##_name __section(".klp_split.places") = _name

PLACE(stack_trace_save_tsk_reliable);
PLACE(parse_args);
PLACE(klp_module_going);
PLACE(klp_module_coming);

/*
 * IPMODIFY: refused if somebody else redirects the same function. PERMANENT:
 * sysctl kernel.ftrace_enabled=0 is refused while the core is loaded.
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

/*
 * In the order of installation: coming makes entries that only the other two
 * end, so it is the last to be there and the first to go.
 */
static struct hook hooks[] = {
	HOOK(stack_trace_save_tsk_reliable),
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
 * As long as ftrace calls redirect(), the core's memory may not be freed. It
 * refuses to forget a hook only when it has found its own tables damaged, which
 * it reports; so the wait will end with the machine.
 */
static void hook_remove(struct hook *hook)
{
	int err = unregister_ftrace_function(&hook->ops);

	if (err)
		pr_crit("core: %s can't be unhooked (%d), so the core can't leave; look for what ftrace has reported, and reboot\n",
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

	/* Tasks that have dropped their reference but not yet left their replacement. */
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
	return 0;
}

/**
 * hooks_remove() - let the functions be themselves again
 *
 * From the core's exit: nobody has a reference on the core, nor gets one, so there is neither
 * a redirected call nor an entry of a coming module.
 */
void hooks_remove(void)
{
	remove_first(ARRAY_SIZE(hooks));
}
