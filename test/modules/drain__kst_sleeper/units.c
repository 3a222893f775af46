// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include "livepatch.h"
#include "later.h"

static KST_FUNCTION int kst_d_wait_asleep(unsigned int ms, bool can_be_woken)
{
	if (can_be_woken)
		msleep_interruptible(ms);
	else
		msleep(ms);
	return 0;
}

/* Jumps to it. */
static KST_FUNCTION int kst_d_wait(unsigned int ms, bool can_be_woken)
{
	return kst_d_wait_asleep(ms, can_be_woken);
}
KLP_SPLIT_FUNC(kst_sleeper_wait, kst_d_wait, 0);

/* As the original: a message makes a block cold. */
static KST_FUNCTION int kst_d_cold(unsigned int ms, bool can_be_woken)
{
	if (ms) {
		pr_notice("sleeping in new code\n");
		msleep(ms);
	}
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_cold, kst_d_cold, 0);

static KST_FUNCTION int kst_d_spin_on(unsigned int ms, bool can_be_woken)
{
	kst_spin(ms);
	return 0;
}

/* Jumps to it. */
static KST_FUNCTION int kst_d_spin(unsigned int ms, bool can_be_woken)
{
	return kst_d_spin_on(ms, can_be_woken);
}
KLP_SPLIT_FUNC(kst_sleeper_spin, kst_d_spin, 0);

static KST_FUNCTION int kst_d_parted(unsigned int ms, bool can_be_woken)
{
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_parted, kst_d_parted, 0);

void kst_sleeper_opaque(unsigned int ms);
KLP_SPLIT_REF(kst_sleeper_opaque, "kst_sleeper", "kst_sleeper_opaque", 0);

static unsigned int opaque_ms;

/* A worker asleep here can't be seen here: the walk of its stack ends before. */
static noinline void kst_d_opaque(struct work_struct *work)
{
	kst_sleeper_opaque(opaque_ms);
	barrier(); /* no tail call */
}

static DECLARE_DELAYED_WORK(opaque_work, kst_d_opaque);
START_WORK_WHEN_WRITTEN(opaque);

static KST_FUNCTION int kst_d_last(void *unused)
{
	return 0;
}
KLP_SPLIT_FUNC(kst_sleeper_last, kst_d_last, 0);
