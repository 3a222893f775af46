/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GCC's -fdump-tree-original: all functions of a unit as they were parsed, as
 * C-like text in which each conversion is written out, also implicit ones and
 * those of macros.
 */
#ifndef KPATCH_BUILD_TREE_DUMP_H
#define KPATCH_BUILD_TREE_DUMP_H

#include <stdbool.h>

#include "lib/type-stack.h"

/*
 * Does all code of @text use variables and pointers of @type only as such: their members, the
 * whole, and as arguments of functions that take such a pointer and are only called? No pointer of
 * another type is converted to one to @type, or the other way round. False: it isn't so, or isn't
 * understood.
 */
bool tree_dump_keeps_type(const char *text, const struct stack_type *type);

#endif
