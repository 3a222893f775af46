// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells what its klp relocations led to: in the log, the address of each symbol
 * of vmlinux that refs.h names, and what the functions of module twins return.
 */
#include <linux/module.h>
#include "klp_split.h"

extern int twin_first(void), twin_second(void), pair_first(void), pair_second(void);
KLP_SPLIT_REF(twin_first, "twins", "twin", 1);
KLP_SPLIT_REF(twin_second, "twins", "twin", 2);
KLP_SPLIT_REF(pair_first, "twins", "pair", 1);
KLP_SPLIT_REF(pair_second, "twins", "pair", 2);

#define ASK(_symbol, _name, _position) extern char _symbol[]; KLP_SPLIT_REF(_symbol, "vmlinux", _name, _position);
#include "refs.h"
#undef ASK

static const struct {
	const char *name;
	unsigned long position;
	const void *address;
} answers[] = {
#define ASK(_symbol, _name, _position) { _name, _position, _symbol },
#include "refs.h"
};

static int __init asker_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(answers); i++)
		pr_info("asker: %px %s %lu\n", answers[i].address, answers[i].name,
			answers[i].position);
	pr_info("asker: twin %d %d pair %d %d\n", twin_first(), twin_second(), pair_first(),
		pair_second());
	return 0;
}

static void __exit asker_exit(void)
{
}

module_init(asker_init);
module_exit(asker_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
