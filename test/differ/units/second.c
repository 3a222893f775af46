// SPDX-License-Identifier: GPL-2.0-only
/* Uses what the first unit has. Its own "helper" is another one than the third's. */
#include <linux/module.h>

#ifdef PATCHED
extern int count, added_count;
int opened(int x);
int added(int x);
#endif

static noinline int helper(int x)
{
	return x ^ 0x222;
}

int second(int x);
int second(int x)
{
#ifdef PATCHED
	return helper(added(x) + opened(x) + count + added_count);
#else
	return helper(x);
#endif
}
