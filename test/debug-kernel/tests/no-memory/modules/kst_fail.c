// SPDX-License-Identifier: GPL-2.0-only
/*
 * failslab can fail the Nth allocation of a task, whoever makes it: of the load
 * of a module that are hundreds, nearly all of them the module loader's. Its
 * filter by callers doesn't exist on x86-64 (6.1). This is that filter: it fails
 * the Nth allocation that is made below the core, in whatever task, or below
 * another function and not below the core, and tells where that was.
 *
 * It hooks failslab's decision and leaves it to failslab to fail.
 */
#include <linux/gfp.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

static unsigned long start, end;
module_param(start, ulong, 0644);
module_param(end, ulong, 0644);
MODULE_PARM_DESC(start, "of the function below which allocations fail, and not below the core; 0: below the core");

static atomic_t seen = ATOMIC_INIT(0);
static unsigned int nth;
static char site[2 * KSYM_NAME_LEN];
module_param_string(site, site, sizeof(site), 0444);
MODULE_PARM_DESC(site, "function that called what allocates, and what it called, when the Nth failed; else empty");

static unsigned long never_start, never_end;
module_param(never_start, ulong, 0644);
module_param(never_end, ulong, 0644);
MODULE_PARM_DESC(never_start, "of the function below which nothing fails");

/* The core's memory; its init part is there while it loads. */
static unsigned long core, core_end, core_init, core_init_end;

static bool is_core(unsigned long address)
{
	return (address >= core && address < core_end) ||
	       (address >= core_init && address < core_init_end);
}

static int core_comes(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *mod = data;

	if (strcmp(mod->name, "klp_split"))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_COMING) {
		core = (unsigned long)mod->core_layout.base;
		core_end = core + mod->core_layout.size;
		core_init = (unsigned long)mod->init_layout.base;
		core_init_end = core_init + mod->init_layout.size;
	} else if (state == MODULE_STATE_LIVE) {
		core_init = 0;
		core_init_end = 0;
	}
	return NOTIFY_DONE;
}

static struct notifier_block block = { .notifier_call = core_comes };

/* The innermost caller that counts; 0: none. */
static unsigned int find_caller(const unsigned long *callers, unsigned int n)
{
	unsigned int found = 0, i;

	for (i = 1; i < n; i++) {
		if (callers[i] >= never_start && callers[i] < never_end)
			return 0;
		if (!found && is_core(callers[i]))
			found = i;
	}
	if (!start)
		return found;
	if (found)
		return 0;
	for (i = 1; i < n; i++)
		if (callers[i] >= start && callers[i] < end)
			return i;
	return 0;
}

/* kmemleak's own, one for each of the others; it has a pool for when it gets none. */
static const gfp_t kmemleak_flags = __GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_NOWARN;

static int on_decision(struct kprobe *probe, struct pt_regs *regs)
{
	const gfp_t flags = regs->si; /* should_failslab(cache, flags) */
	unsigned long callers[48];
	unsigned int n, at;

	if (!READ_ONCE(nth) || !in_task() || flags & __GFP_NOFAIL)
		return 0;
	if ((flags & kmemleak_flags) == kmemleak_flags)
		return 0;
	n = stack_trace_save(callers, ARRAY_SIZE(callers), 0);
	at = find_caller(callers, n);
	if (!at || atomic_inc_return(&seen) != READ_ONCE(nth))
		return 0;

	snprintf(site, sizeof(site), "%ps %ps", (void *)callers[at], (void *)callers[at - 1]);
	current->fail_nth = 1;
	return 0;
}

/* Not should_fail_ex(): lib/ isn't built for ftrace, and a breakpoint would look like an NMI. */
static struct kprobe decision = { .symbol_name = "should_failslab", .pre_handler = on_decision };

/* Arms, from the first allocation on; 0 disarms. */
static int set_nth(const char *val, const struct kernel_param *kp)
{
	WRITE_ONCE(nth, 0);
	atomic_set(&seen, 0);
	site[0] = '\0';
	return param_set_uint(val, kp);
}

static const struct kernel_param_ops nth_ops = { .set = set_nth, .get = param_get_uint };
module_param_cb(nth, &nth_ops, &nth, 0644);
MODULE_PARM_DESC(nth, "which allocation fails");

static int get_seen(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&seen));
}

static const struct kernel_param_ops seen_ops = { .get = get_seen };
module_param_cb(seen, &seen_ops, NULL, 0444);
MODULE_PARM_DESC(seen, "allocations since it was armed");

static int __init kst_fail_init(void)
{
	int err = register_module_notifier(&block);

	if (err)
		return err;
	err = register_kprobe(&decision);
	if (err)
		unregister_module_notifier(&block);
	return err;
}

static void __exit kst_fail_exit(void)
{
	unregister_kprobe(&decision);
	unregister_module_notifier(&block);
}

module_init(kst_fail_init);
module_exit(kst_fail_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Fails chosen allocations");
