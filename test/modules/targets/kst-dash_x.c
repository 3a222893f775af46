// SPDX-License-Identifier: GPL-2.0-only
/* A target whose file has '-' where its module has '_'. */
#include <linux/init.h>
#include <linux/module.h>

#include <target.h>

static KST_FUNCTION int kst_dash_x_value(void)
{
	return 0;
}

KST_SHOW(value, kst_dash_x_value());

static int __init kst_dash_x_init(void)
{
	return 0;
}

static void __exit kst_dash_x_exit(void)
{
}

module_init(kst_dash_x_init);
module_exit(kst_dash_x_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test target with a dash in its name");
