// SPDX-License-Identifier: GPL-2.0-only
/* Holds a module by one of its exports, as a module that depends on it would. */
#include <linux/init.h>
#include <linux/module.h>

static char *symbol = "";
module_param(symbol, charp, 0444);

static int __init kst_holder_init(void)
{
	return __symbol_get(symbol) ? 0 : -ESRCH;
}

static void __exit kst_holder_exit(void)
{
	__symbol_put(symbol);
}

module_init(kst_holder_init);
module_exit(kst_holder_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Holds another module");
