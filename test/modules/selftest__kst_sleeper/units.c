// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include "livepatch.h"
#include "saying.h"

static KST_FUNCTION int new_wait(unsigned int ms, bool can_be_woken)
{
	msleep(ms);
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_wait, new_wait, 0);

static KST_FUNCTION int new_touch(const char __user *address)
{
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_touch, new_touch, 0);
