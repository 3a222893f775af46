// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts how often it was called, in a shadow variable of something that does
 * not go with the target: the count outlives this module.
 */
#include <linux/sched/task.h>
#include "livepatch.h"
#include "kst-shadow.h"

static KST_FUNCTION int new_value(void)
{
	int *count = klp_shadow_get_or_alloc(&init_task, KST_SHADOW, sizeof(*count), GFP_KERNEL,
					     NULL, NULL);

	return count ? 1000 * KST_VERSION + ++*count : -1;
}
KLP_SPLIT_FUNC(kst_t3_value, new_value, 0);
