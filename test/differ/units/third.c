// SPDX-License-Identifier: GPL-2.0-only
/* Has static functions of the same names as others, and a new one called like an old one elsewhere. */
#include <linux/module.h>

static noinline int helper(int x)
{
	return x ^ 0x333;
}

#ifdef PATCHED
static noinline int opened(int x)
{
	return x * 1111;
}
#else
#define opened helper
#endif

#ifdef PATCHED
int closed(int x);
noinline int closed(int x)
{
	return x ^ 0x444;
}
#endif

int third(int x);
int third(int x)
{
	#ifdef PATCHED
	x += closed(x);
#endif
	return helper(x) + opened(x);
}
