// SPDX-License-Identifier: GPL-2.0-only
/* Has the name of an object module, and never registers. */
#include <linux/init.h>
#include <linux/module.h>

static int __init kst_silent_init(void)
{
	return 0;
}

static void __exit kst_silent_exit(void)
{
}

module_init(kst_silent_init);
module_exit(kst_silent_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Not an object module");
