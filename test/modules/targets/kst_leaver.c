// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that says on its way out which exit function runs, and which of its
 * other functions that one finds, before and after it has slept.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>

#include <target.h>

static unsigned int kst_leaver_ms;
module_param_named(ms, kst_leaver_ms, uint, 0644);

static KST_FUNCTION int kst_leaver_which(void)
{
	return 0;
}
KST_SHOW(which, kst_leaver_which());

static int __init kst_leaver_init(void)
{
	return 0;
}

static void __exit kst_leaver_exit(void)
{
	pr_info("kst_leaver: exit 0 finds %d\n", kst_leaver_which());
	msleep(kst_leaver_ms);
	pr_info("kst_leaver: exit 0 leaves, finds %d\n", kst_leaver_which());
}

module_init(kst_leaver_init);
module_exit(kst_leaver_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target whose exit function is replaced");
