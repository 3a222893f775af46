// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes ftrace believe that it is damaged: it then refuses every request, as it
 * does after a fault of its own. It works again when this is set back.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include "klp_split.h"

extern int ftrace_disabled; /* kernel/trace/ftrace.c */
KLP_SPLIT_REF(ftrace_disabled, "vmlinux", "ftrace_disabled", 0);

static int set_disabled(const char *val, const struct kernel_param *kp)
{
	bool disabled;
	int err = kstrtobool(val, &disabled);

	if (!err)
		WRITE_ONCE(ftrace_disabled, disabled);
	return err;
}

static const struct kernel_param_ops disabled_ops = { .set = set_disabled };
module_param_cb(disabled, &disabled_ops, NULL, 0200);

static int __init kst_breaker_init(void)
{
	return 0;
}

static void __exit kst_breaker_exit(void)
{
}

module_init(kst_breaker_init);
module_exit(kst_breaker_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Breaks ftrace for a time");
MODULE_INFO(livepatch, "Y");
