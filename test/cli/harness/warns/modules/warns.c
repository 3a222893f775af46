// SPDX-License-Identifier: GPL-2.0-only
/* A complaint of the kernel about us, at will. */
#include <linux/module.h>

static int __init warns_init(void)
{
	WARN(1, "on purpose\n");
	return 0;
}

static void __exit warns_exit(void)
{
}

module_init(warns_init);
module_exit(warns_exit);
MODULE_DESCRIPTION("Warns when it is loaded");
MODULE_LICENSE("GPL");
