/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GCC's -fdump-tree-original: all functions of a unit as they were parsed, as text in C's manner in
 * which each conversion is written out, implicit ones and those of macros as well.
 */
#ifndef KPATCH_BUILD_TREE_DUMP_H
#define KPATCH_BUILD_TREE_DUMP_H

#include <stdbool.h>

#include "lib/type-stack.h"

/*
 * Does all code of @text use variables and pointers of @type as such only: their members, the whole,
 * and as arguments of functions that take such a pointer, which are called and no more? No pointer of
 * another kind becomes one to @type, or the other way round. False: no, or it isn't understood.
 */
bool tree_dump_keeps_type(const char *text, const struct stack_type *type);

#endif
