// SPDX-License-Identifier: GPL-2.0-only
/* Redirects a function of the kernel, to where it was going anyway, as livepatch or the core would. */
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>

static char *function = "";
module_param(function, charp, 0444);

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SAVE_REGS,
};

static int __init kst_ipmodify_init(void)
{
	int err;

	err = ftrace_set_filter(&ops, function, strlen(function), 1);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit kst_ipmodify_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

module_init(kst_ipmodify_init);
module_exit(kst_ipmodify_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Redirects a function");
