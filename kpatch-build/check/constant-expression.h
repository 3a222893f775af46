/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Computes an integer constant expression of C: see constant-expression.c. */
#ifndef KPATCH_BUILD_CONSTANT_EXPRESSION_H
#define KPATCH_BUILD_CONSTANT_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/check/constant-arithmetic.h"

/* Get the value of the enumerator @name (of @n characters); false: there is none. */
typedef bool (*enumerator_fn)(const char *name, size_t n, struct constant *value, void *arg);

/* @text (of @n characters) is preprocessed. False: it isn't constant, or that isn't known. */
bool constant_evaluate(const char *text, size_t n, enumerator_fn enumerator, void *arg,
		       struct constant *value);
/*
 * It names no variable and calls no function: so it is constant, though constant_evaluate() may not
 * know its value.
 */
bool constant_looks_like(const char *text, size_t n, enumerator_fn enumerator, void *arg);

#endif
