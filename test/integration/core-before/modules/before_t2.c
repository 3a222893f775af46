// SPDX-License-Identifier: GPL-2.0-only
/* A target that depends on the other. */
#include <before.h>

BEFORE_FUNCTION int before_t2_triple(int n)
{
	return before_t1_double(n) + n;
}
EXPORT_SYMBOL_GPL(before_t2_triple);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Target that depends on a target");
