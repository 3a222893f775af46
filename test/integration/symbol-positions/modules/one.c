// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

static noinline __used int twin(void)
{
	return 1;
}

static noinline __used int pair(void)
{
	return 1;
}

MODULE_LICENSE("GPL");
