/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the functions of a mutant use of the kernel, for the reference program:
 * one CPU, and what is printed goes nowhere.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define this_cpu_read(v) (v)
#define this_cpu_write(v, x) ((v) = (x))
#define this_cpu_add(v, x) ((v) += (x))
#define get_cpu_var(v) (v)
#define put_cpu_var(v) ((void)0)

#define static_branch_unlikely(key) (*(key))
#define static_branch_likely(key) (*(key))
#define static_branch_enable(key) ((void)(*(key) = 1))
#define static_branch_disable(key) ((void)(*(key) = 0))

#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, y) ((x) = (y))
#define WARN_ON_ONCE(c) (!!(c))
#define WARN_ON(c) (!!(c))
#define pr_warn_once(...) ((void)0)
#define pr_info_once(...) ((void)0)

/* The variable that the macro declares is given, for it is one of the state. */
#define REF_DO_ONCE(done, function, argument) \
	({ bool first = !(done); if (first) { function(argument); (done) = true; } first; })
#define REF_mut_first(seen) ({ bool first = !(seen); (seen) = true; first; })
#define REF_mut_tick(n, step) ((n) += (step))
