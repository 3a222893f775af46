// SPDX-License-Identifier: GPL-2.0-only
/* The plainest livepatch, without the core: something that can be left behind. */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int stays_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

static struct klp_func funcs[] = { { .old_name = "cmdline_proc_show", .new_func = stays_show }, {} };
static struct klp_object objects[] = { { .funcs = funcs }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int __init stays_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit stays_exit(void)
{
}

module_init(stays_init);
module_exit(stays_exit);
MODULE_DESCRIPTION("A livepatch of /proc/cmdline");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
