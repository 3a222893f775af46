// SPDX-License-Identifier: GPL-2.0-only
#include "livepatch.h"
#include "saying.h"

static KST_FUNCTION int new_value(void)
{
	return 501;
}
KLP_SPLIT_FUNC(kst_t3_value, new_value, 0);
