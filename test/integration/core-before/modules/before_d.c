// SPDX-License-Identifier: GPL-2.0-only
/* Type D: the new code for a target uses an export of a module that depends on that target. */
#include <before.h>

static BEFORE_FUNCTION int new_value(void)
{
	return before_t2_triple(50);
}

BEFORE_LIVEPATCH("before_t1", "before_t1_value", new_value);
