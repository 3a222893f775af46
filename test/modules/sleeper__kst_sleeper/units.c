// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include "livepatch.h"

static KST_FUNCTION int kst_z_wait(unsigned int ms, bool can_be_woken)
{
	if (can_be_woken)
		msleep_interruptible(ms);
	else
		msleep(ms);
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_wait, kst_z_wait, 0);
