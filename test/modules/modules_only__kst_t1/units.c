// SPDX-License-Identifier: GPL-2.0-only
/*
 * KST_NO_FUNC: replaces what the target doesn't have. KST_NO_SYMBOL: refers to
 * what the target doesn't have. KST_HUGE: larger than memory for modules.
 * KST_MORE: replaces what the main module doesn't list.
 */
#include "livepatch.h"

static KST_FUNCTION int new_value(void)
{
	return 301;
}
#ifdef KST_NO_FUNC
KLP_SPLIT_FUNC(kst_t1_nowhere, new_value, 0);
#else
KLP_SPLIT_FUNC(kst_t1_value, new_value, 0);
#endif

#ifdef KST_MORE
static KST_FUNCTION int new_keys(void)
{
	return 301;
}
KLP_SPLIT_FUNC(kst_t1_keys, new_keys, 0);
#endif

#ifdef KST_NO_SYMBOL
int kst_t1_nowhere(void);
KLP_SPLIT_REF(kst_t1_nowhere, "kst_t1", "kst_t1_nowhere", 0);

static __used KST_FUNCTION int call_nowhere(void)
{
	return kst_t1_nowhere();
}
#endif

#ifdef KST_HUGE
static __used char kst_huge[1 << 30];
#endif
