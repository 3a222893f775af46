// SPDX-License-Identifier: GPL-2.0-only
#include "livepatch.h"

KST_REPLACE_CMDLINE("kst_r1");

/* New in vmlinux by this livepatch: dependency type C. */
int kst_r1_new_function(int n);
KST_FUNCTION int kst_r1_new_function(int n)
{
	return n + 1000;
}
