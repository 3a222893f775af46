// SPDX-License-Identifier: GPL-2.0-only
/* Gives the second unit a new function, a new variable, and what was its own so far. */
#include <linux/module.h>

#ifdef PATCHED
#define STATIC
int opened(int x);
int added(int x);
#else
#define STATIC static
#endif

STATIC int count = 3;

STATIC noinline int opened(int x)
{
#ifdef PATCHED
	x ^= 9;
#endif
	return x + count++;
}

int first(int x);
int first(int x)
{
	return opened(x) * 3;
}

#ifdef PATCHED
int added_count = 5;
int added(int x)
{
	return x * added_count++;
}
EXPORT_SYMBOL_GPL(added);
#endif
