// SPDX-License-Identifier: GPL-2.0-only
/* Nothing changes here, but who is called. */
#include <linux/module.h>

int helper(int x);
int pointed(int x);

/* It can't be redirected either: its own caller has to be. */
static noinline notrace int between(int x)
{
	return helper(x) + 1;
}

int there(int x);
int there(int x)
{
	return between(x) * 2;
}

int elsewhere(int x);
int elsewhere(int x)
{
	return x + 2;
}

extern int (*pointer)(int x);
int (*pointer)(int x);

int points(void);
int points(void)
{
	pointer = pointed;
	return 0;
}
