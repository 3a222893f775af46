// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module loader calls livepatch directly (klp_module_coming(), _going()),
 * and nothing of its between the COMING notifiers and the module's first own
 * instruction but parse_args(). None of these can be asked for by a
 * notifier; so ftrace sends calls of them to functions here, as livepatch does
 * with what it patches. The fourth, stack_trace_save_tsk_reliable(), is where livepatch
 * asks whether a task may be switched: consistency.c.
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

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	const struct hook *hook = container_of(ops, struct hook, ops);

	if (within_module(parent_ip, THIS_MODULE))
		return;
	/* Fails while the core is being removed: then the original is right. */
	if (!try_module_get(THIS_MODULE))
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
 * From the core's exit: nobody has a reference on the core, so there is neither
 * a redirected call nor an entry of a coming module.
 */
void hooks_remove(void)
{
	remove_first(ARRAY_SIZE(hooks));
}
