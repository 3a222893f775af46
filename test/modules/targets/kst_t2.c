// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that depends on another one, so that its object module may refer to
 * both.
 */
#include <linux/init.h>
#include <linux/module.h>

#include <target.h>

int kst_t1_double(int n);

static KST_FUNCTION int kst_t2_value(void)
{
	return kst_t1_double(0);
}

KST_SHOW(value, kst_t2_value());

static int at_init = -1;
module_param(at_init, int, 0444);

static int __init kst_t2_init(void)
{
	at_init = kst_t2_value();
	return 0;
}

static void __exit kst_t2_exit(void)
{
}

module_init(kst_t2_init);
module_exit(kst_t2_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test target that depends on another");
