// SPDX-License-Identifier: GPL-2.0-only
/* Global functions that ftrace can't redirect, and that change. */
#include <linux/module.h>

#ifdef PATCHED
#define N 4
#else
#define N 3
#endif

int helper(int x);
notrace int helper(int x)
{
	return x + N;
}

int pointed(int x);
notrace int pointed(int x)
{
	return x * N;
}

/* Who calls it by its other name is nobody's business that knows the first one. */
int named(int x);
notrace int named(int x)
{
	return x - N;
}
int other_name(int x) __attribute__((alias("named")));

int here(int x);
noinline int here(int x)
{
	return helper(x) ^ x;
}
