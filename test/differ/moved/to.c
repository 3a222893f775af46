// SPDX-License-Identifier: GPL-2.0-only
/* What came from from.c, a little changed. */
#include <linux/module.h>

int plain(int x);
int counting(int x);
int early(int x);
int uses(int x);

#ifdef PATCHED
static int total;

int plain(int x)
{
	total += x + 1;
	return total;
}

int counting(int x)
{
	static int count;

	count += x + 1;
	return count;
}

int early(int x)
{
	return x + 2;
}
#endif

int uses(int x)
{
	return plain(x) - counting(x);
}
