// SPDX-License-Identifier: GPL-2.0-only
/* Static locals of inlined functions, two of one name and one with two users, and a function with an alias. */
#include <linux/bug.h>
#include <linux/printk.h>

#include <kinds.h>

static __always_inline int step_by_one(void)
{
	static int count;

	return ++count;
}

static __always_inline int step_by_ten(void)
{
	static int count;

	return count += 10;
}

noinline int kst_first(void)
{
	return step_by_one();
}

noinline int kst_second(void)
{
	return step_by_ten();
}

int kst_entry(void) __attribute__((alias("kst_first")));

static __always_inline int step_shared(void)
{
	static int shared;

	return ++shared;
}

noinline int kst_shared(void)
{
	return step_shared();
}

noinline int kst_fixed(void)
{
	return step_shared();
}

noinline void kst_line(void)
{
	pr_info("differ-kinds: old code, line %d\n", __LINE__);
}
