/* SPDX-License-Identifier: GPL-2.0-only */
/* An ordinary livepatch of one function of one object, as one writes it without klp-split. */
#ifndef BEFORE_H
#define BEFORE_H

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#define BEFORE_FUNCTION noinline __attribute__((noipa))

#define BEFORE_LIVEPATCH(_object, _old_name, _new_func)                                            \
	static struct klp_func before_funcs[] = {                                                  \
		{ .old_name = _old_name, .new_func = _new_func }, { }                              \
	};                                                                                         \
	static struct klp_object before_objects[] = {                                              \
		{ .name = _object, .funcs = before_funcs }, { }                                    \
	};                                                                                         \
	static struct klp_patch before_patch = { .mod = THIS_MODULE, .objs = before_objects };     \
	static int __init before_init(void)                                                        \
	{                                                                                          \
		return klp_enable_patch(&before_patch);                                            \
	}                                                                                          \
	static void __exit before_exit(void)                                                       \
	{                                                                                          \
	}                                                                                          \
	module_init(before_init);                                                                  \
	module_exit(before_exit);                                                                  \
	MODULE_LICENSE("GPL");                                                                     \
	MODULE_DESCRIPTION("Ordinary livepatch");                                                  \
	MODULE_INFO(livepatch, "Y")

/* The half of livepatch @_n that is for vmlinux, and the one that is for before_t1. */
#define BEFORE_A(_n)                                                                               \
	static int new_show(struct seq_file *m, void *v)                                           \
	{                                                                                          \
		seq_puts(m, "a" #_n "\n");                                                         \
		return 0;                                                                          \
	}                                                                                          \
	BEFORE_LIVEPATCH(NULL, "cmdline_proc_show", new_show)

#define BEFORE_B(_n)                                                                               \
	static BEFORE_FUNCTION int new_value(void)                                                 \
	{                                                                                          \
		return _n;                                                                         \
	}                                                                                          \
	BEFORE_LIVEPATCH("before_t1", "before_t1_value", new_value)

int before_t1_double(int n);
int before_t2_triple(int n);
int before_main_added(int n);

#endif
