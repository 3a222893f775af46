// SPDX-License-Identifier: GPL-2.0-only
/* Type C: the new code for a target uses what the main module has added. */
#include <before.h>

static BEFORE_FUNCTION int new_value(void)
{
	return before_main_added(50);
}

BEFORE_LIVEPATCH("before_t1", "before_t1_value", new_value);
