// SPDX-License-Identifier: GPL-2.0-only
/* A target that has nothing to do with the others. */
#include <linux/init.h>
#include <linux/module.h>

#include <target.h>

static KST_FUNCTION int kst_t3_value(void)
{
	return 0;
}

KST_SHOW(value, kst_t3_value());

static int __init kst_t3_init(void)
{
	return 0;
}

static void __exit kst_t3_exit(void)
{
}

module_init(kst_t3_init);
module_exit(kst_t3_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test target of its own");
