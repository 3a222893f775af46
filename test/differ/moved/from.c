// SPDX-License-Identifier: GPL-2.0-only
/* What leaves for to.c. */
#include <linux/init.h>
#include <linux/module.h>

int plain(int x);
int counting(int x);
int early(int x);
int stays(int x);
int renamed_alias(int x);

#ifndef PATCHED
static int total;

int plain(int x)
{
	total += x;
	return total;
}

int counting(int x)
{
	static int count;

	count += x;
	return count;
}

int __init early(int x)
{
	return x + 1;
}

int renamed_alias(int x) __attribute__((alias("plain")));
#endif

int stays(int x)
{
	return plain(x) + counting(x);
}
