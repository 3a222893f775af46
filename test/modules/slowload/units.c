// SPDX-License-Identifier: GPL-2.0-only
/*
 * Widens a window that no notifier sees: a module has resolved its symbols, and
 * is not yet known to anybody. While "hold" is set, the module called "name"
 * waits there.
 */
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/moduleloader.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "compat.h"
#include "klp_split.h"

/* arch/x86/kernel/module.c; called after apply_relocations(), before the module is COMING. */
KLP_SPLIT_REF(module_finalize, "vmlinux", "module_finalize", 0);

static char *name = "";
module_param(name, charp, 0444);
static bool hold = true;
module_param(hold, bool, 0644);

static int slow_finalize(const Elf_Ehdr *hdr, const Elf_Shdr *sechdrs, struct module *mod)
{
	int ret;

	if (!strcmp(mod->name, name)) {
		pr_info("kst_slowload: %s has its symbols\n", name);
		while (READ_ONCE(hold))
			msleep(20);
	}
	ret = module_finalize(hdr, sechdrs, mod);
	barrier(); /* no tail call: the caller has to be this module */
	return ret;
}

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	if (!within_module(parent_ip, THIS_MODULE))
		compat_set_instruction_pointer(fregs, (unsigned long)slow_finalize);
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY,
};

static int __init kst_slowload_init(void)
{
	int err = ftrace_set_filter_ip(&ops, (unsigned long)module_finalize, 0, 0);

	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit kst_slowload_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

module_init(kst_slowload_init);
module_exit(kst_slowload_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Holds a module up while it is loaded");
MODULE_INFO(livepatch, "Y");
