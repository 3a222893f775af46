// SPDX-License-Identifier: GPL-2.0-or-later
/* A livepatch as other tools make them: one module, without the core. */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int foreign_loadavg(struct seq_file *m, void *v)
{
	seq_puts(m, "foreign\n");
	return 0;
}

static struct klp_func funcs[] = {
	{
		.old_name = "loadavg_proc_show",
		.new_func = foreign_loadavg,
	},
	{ }
};

static struct klp_object objects[] = {
	{
		.funcs = funcs,
	},
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init foreign_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(foreign_init);

static void __exit foreign_exit(void)
{
}
module_exit(foreign_exit);

MODULE_DESCRIPTION("Livepatch of another tool");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
