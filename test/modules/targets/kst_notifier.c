// SPDX-License-Identifier: GPL-2.0-only
/*
 * Widens the window between a module's klp_module_coming() and the end of its
 * COMING notifiers, or that between its init and the end of its load (LIVE
 * notifiers), or that between its exit and its end (GOING notifiers): for a
 * time, or while "hold" is set; or lets a notifier refuse the module, after most
 * others have run.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

static char *name = "";
module_param(name, charp, 0444);
static unsigned int sleep;
module_param(sleep, uint, 0444);
static bool hold;
module_param(hold, bool, 0644);
static int fail;
module_param(fail, int, 0644);
static int state = MODULE_STATE_COMING; /* 0: LIVE, 2: GOING */
module_param(state, int, 0444);
static int priority = -100;
module_param(priority, int, 0444);

static const char *const words[] = {
	[MODULE_STATE_LIVE] = "live",
	[MODULE_STATE_COMING] = "coming",
	[MODULE_STATE_GOING] = "going",
};

static int notify(struct notifier_block *nb, unsigned long new_state, void *data)
{
	struct module *mod = data;

	if (new_state != state || strcmp(mod->name, name))
		return NOTIFY_DONE;
	pr_info("kst_notifier: %s is %s\n", name, words[state]);
	msleep(sleep);
	while (READ_ONCE(hold))
		msleep(20);
	return notifier_from_errno(fail);
}

static struct notifier_block block = { .notifier_call = notify };

static int __init kst_notifier_init(void)
{
	if (state < 0 || state >= ARRAY_SIZE(words))
		return -EINVAL;
	block.priority = priority;
	return register_module_notifier(&block);
}

static void __exit kst_notifier_exit(void)
{
	unregister_module_notifier(&block);
}

module_init(kst_notifier_init);
module_exit(kst_notifier_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Slow or failing module notifier");
