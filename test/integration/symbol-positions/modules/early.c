// SPDX-License-Identifier: GPL-2.0-only
#include <linux/init.h>
#include <linux/module.h>

static noinline __used __init int twin(void)
{
	return 3;
}
