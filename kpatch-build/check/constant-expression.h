/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of an integer constant expression of C: see constant-expression.c. */
#ifndef KPATCH_BUILD_CONSTANT_EXPRESSION_H
#define KPATCH_BUILD_CONSTANT_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

struct constant {
	unsigned long long value; /* sign-extended if it is signed */
	unsigned int size; /* 4 or 8: int or long */
	bool is_unsigned;
};

/* The value of the enumerator @name (@n characters); false: there is none. */
typedef bool (*enumerator_fn)(const char *name, size_t n, struct constant *value, void *arg);

/* @text (@n characters) is preprocessed. False: it isn't constant, or it can't be told. */
bool constant_evaluate(const char *text, size_t n, enumerator_fn enumerator, void *arg,
		       struct constant *value);
/* Names no variable and calls no function: constant, though constant_evaluate() may not know its
 * value. */
bool constant_looks_like(const char *text, size_t n, enumerator_fn enumerator, void *arg);

#endif
