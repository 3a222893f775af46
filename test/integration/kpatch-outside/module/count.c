// SPDX-License-Identifier: GPL-2.0-only
#include <linux/printk.h>

#include <count.h>

static int calls;

noinline int kst_count(void)
{
	calls += KST_STEP;
	pr_debug("counted to %d\n", calls);
	return calls;
}
