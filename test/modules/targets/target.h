/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KST_TARGET_H
#define KST_TARGET_H

#include <linux/moduleparam.h>
#include <linux/sysfs.h>

/* A function that keeps its name, its ftrace entry and an unknown result. */
#define KST_FUNCTION noinline __attribute__((noipa))

/* A read-only parameter that shows an expression. */
#define KST_SHOW(_name, _expression)                                                               \
	static int get_##_name(char *buffer, const struct kernel_param *kp)                        \
	{                                                                                          \
		return sysfs_emit(buffer, "%d\n", _expression);                                    \
	}                                                                                          \
	static const struct kernel_param_ops _name##_ops = { .get = get_##_name };                 \
	module_param_cb(_name, &_name##_ops, NULL, 0444)

#endif
