// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one would write first instead of the split core: a main module that has
 * the code for "target" loaded when that comes, or, if "now", from its own
 * init, and waits for it.
 */
#include <linux/kmod.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/umh.h>
#include <before.h>

static char *target = "before_t1";
module_param(target, charp, 0444);
static char *code = "";
module_param(code, charp, 0444);
static bool now;
module_param(now, bool, 0444);
static int result = -1;
module_param(result, int, 0444);

BEFORE_FUNCTION int before_main_added(int n)
{
	return 2 * n;
}
EXPORT_SYMBOL_GPL(before_main_added);

static void load_code(void)
{
	char *argv[] = { "/sbin/modprobe", code, NULL };
	static char *env[] = { "HOME=/", "PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL };

	result = call_usermodehelper(argv[0], argv, env, UMH_WAIT_PROC);
	pr_info("before_main: loading %s ended with %d\n", code, result);
}

static int notify(struct notifier_block *nb, unsigned long state, void *data)
{
	const struct module *mod = data;

	if (state == MODULE_STATE_COMING && !strcmp(mod->name, target))
		load_code();
	return NOTIFY_DONE;
}

static struct notifier_block block = { .notifier_call = notify };

static int __init before_main_init(void)
{
	if (now)
		load_code();
	return register_module_notifier(&block);
}

static void __exit before_main_exit(void)
{
	unregister_module_notifier(&block);
}

module_init(before_main_init);
module_exit(before_main_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Loads code for a target, the simple way");
