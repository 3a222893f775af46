// SPDX-License-Identifier: GPL-2.0-only
#include "livepatch.h"

/* Of the module that the target depends on (type B), and of the main module (type C). */
int kst_t1_double(int n);
KLP_SPLIT_REF(kst_t1_double, "kst_t1", "kst_t1_double", 0);
int kst_r1_new_function(int n);
KLP_SPLIT_REF(kst_r1_new_function, "kst_r1", "kst_r1_new_function", 0);

static KST_FUNCTION int new_value(void)
{
	return kst_r1_new_function(kst_t1_double(100));
}
KLP_SPLIT_FUNC(kst_t2_value, new_value, 0);
