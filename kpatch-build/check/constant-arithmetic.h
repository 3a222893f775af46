/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How C computes with int and long: see constant-arithmetic.c. */
#ifndef KPATCH_BUILD_CONSTANT_ARITHMETIC_H
#define KPATCH_BUILD_CONSTANT_ARITHMETIC_H

#include <stdbool.h>
#include <stddef.h>

struct constant {
	unsigned long long value; /* sign-extended if it is signed */
	unsigned int size; /* 4 or 8: int or long */
	bool is_unsigned;
};

enum operation {
	MUL,
	DIV,
	REM,
	ADD,
	SUB,
	SHL,
	SHR,
	LT,
	GT,
	LE,
	GE,
	EQ,
	NE,
	AND,
	XOR,
	OR,
	LAND,
	LOR
};

struct constant_operator {
	const char *text;
	int binds; /* the larger, the tighter */
	enum operation operation;
};

/* The operator with two operands that @text (of @n characters) is; NULL: it is none. */
const struct constant_operator *constant_operator(const char *text, size_t n);

/* Reduce the value to the type of @c. */
struct constant constant_normal(struct constant c);
/* The value of a comparison: an int. */
struct constant constant_truth(bool is);
/* Convert @c to a type of @size bytes; 0: it isn't known, and @c stays as it is. */
struct constant constant_cast(struct constant c, unsigned int size, bool is_unsigned);
/* False: C doesn't define the result. */
bool constant_compute(enum operation operation, struct constant a, struct constant b,
		      struct constant *result);

#endif
