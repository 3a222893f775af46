// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kprobe on a function that livepatches replace. With a post handler it has
 * to see the function's own first instruction after it, so it forbids others
 * to redirect the function.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static bool post;
module_param(post, bool, 0444);
static unsigned int hits;
module_param(hits, uint, 0444);
static char *name = "kst_t3_value";
module_param(name, charp, 0444);

static int pre_handler(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static void post_handler(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = { .pre_handler = pre_handler };

static int __init kst_probe_init(void)
{
	probe.symbol_name = name;
	if (post)
		probe.post_handler = post_handler;
	return register_kprobe(&probe);
}

static void __exit kst_probe_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(kst_probe_init);
module_exit(kst_probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Probe on a function");
