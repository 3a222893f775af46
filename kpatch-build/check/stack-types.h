/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structures that may change, as they are only on the stack of replaced
 * functions: stack-types.c.
 */
#ifndef KPATCH_BUILD_STACK_TYPES_H
#define KPATCH_BUILD_STACK_TYPES_H

#include <stdbool.h>

struct job;
struct kernel;
struct stack_type;
struct trees;
struct unit;

/* @old and @new are one type before and after. False: it isn't so, or can't be proved. */
bool stays_on_replaced_stacks(const struct job *job, const struct kernel *kernel,
			      const struct trees *trees, const struct unit *unit,
			      const struct stack_type *old, const struct stack_type *new);

#endif
