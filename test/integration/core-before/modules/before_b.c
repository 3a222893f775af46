// SPDX-License-Identifier: GPL-2.0-only
/* Type B: the new code uses an export of its target. */
#include <before.h>

static BEFORE_FUNCTION int new_value(void)
{
	return before_t1_double(50);
}

BEFORE_LIVEPATCH("before_t1", "before_t1_value", new_value);
