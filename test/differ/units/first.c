// SPDX-License-Identifier: GPL-2.0-only
/* Gives the second unit a new function, a new variable, and what was its own so far. */
#include <linux/module.h>

#ifdef PATCHED
#define STATIC
#define STATIC_NOW static
int opened(int x);
int added(int x);
#else
#define STATIC static
#define STATIC_NOW
int closed(int x);
#endif

STATIC int count = 3;

STATIC noinline int opened(int x)
{
#ifdef PATCHED
	x ^= 9;
#endif
	return x + count++;
}

/* its own from now on: another unit gives the name to a function of another kind */
STATIC_NOW noinline int closed(int x)
{
	return x * count++;
}

int first(int x);
int first(int x)
{
	#ifdef PATCHED
	x++;
#endif
	return opened(x) * 3 + closed(x);
}

#ifdef PATCHED
int added_count = 5;
int added(int x)
{
	return x * added_count++;
}
EXPORT_SYMBOL_GPL(added);
#endif
