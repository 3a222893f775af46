// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/kthread.h>
#include "livepatch.h"

static KST_FUNCTION int kst_k_body_on(int us)
{
	udelay(4 * us);
	return 1;
}

/* Jumps to it. */
static KST_FUNCTION int kst_k_body(int us)
{
	return kst_k_body_on(us);
}
KLP_SPLIT_FUNC(kst_contexts_body, kst_k_body, 0);

static KST_FUNCTION int kst_k_park_on(void)
{
	kthread_parkme();
	return 1;
}

/* Jumps to it. */
static KST_FUNCTION int kst_k_park(void)
{
	return kst_k_park_on();
}
KLP_SPLIT_FUNC(kst_contexts_park, kst_k_park, 0);
