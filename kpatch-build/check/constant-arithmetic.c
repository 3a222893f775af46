// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A preprocessor computes in 64 bits, a compiler in int, unless an operand is
 * larger or unsigned: ~0 and ~0U differ once they are shifted. So a value has a
 * type here, and operands are converted as C does it.
 */
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/check/constant-arithmetic.h"

static const struct constant_operator operators[] = {
	{ "*", 10, MUL }, { "/", 10, DIV },  { "%", 10, REM }, { "+", 9, ADD }, { "-", 9, SUB },
	{ "<<", 8, SHL }, { ">>", 8, SHR },  { "<", 7, LT },   { ">", 7, GT },	{ "<=", 7, LE },
	{ ">=", 7, GE },  { "==", 6, EQ },   { "!=", 6, NE },  { "&", 5, AND }, { "^", 4, XOR },
	{ "|", 3, OR },	  { "&&", 2, LAND }, { "||", 1, LOR },
};

const struct constant_operator *constant_operator(const char *text, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (n == strlen(operators[i].text) && !memcmp(text, operators[i].text, n))
			return &operators[i];
	return NULL;
}

struct constant constant_normal(struct constant c)
{
	if (c.size == 4)
		c.value = c.is_unsigned ? (unsigned int)c.value
					: (unsigned long long)(long long)(int)c.value;
	return c;
}

struct constant constant_truth(bool is)
{
	return (struct constant){ .value = is, .size = 4 };
}

struct constant constant_cast(struct constant c, unsigned int size, bool is_unsigned)
{
	if (!size)
		return c;
	if (size < 4) {
		unsigned int gone = 64 - 8 * size;

		c.value <<= gone;
		c.value = is_unsigned ? c.value >> gone
				      : (unsigned long long)((long long)c.value >> gone);
		return (struct constant){ c.value, 4, false };
	}
	return constant_normal((struct constant){ c.value, size, is_unsigned });
}

static bool divide(enum operation operation, struct constant a, struct constant b,
		   struct constant *result)
{
	long long x = a.value, y = b.value;

	if (!b.value || (y == -1 && !result->is_unsigned))
		return false;
	if (result->is_unsigned)
		result->value = operation == DIV ? a.value / b.value : a.value % b.value;
	else
		result->value = operation == DIV ? x / y : x % y;
	return true;
}

static bool shift(enum operation operation, struct constant a, struct constant b,
		  struct constant *result)
{
	if (b.value >= 8 * a.size)
		return false;
	if (operation == SHL)
		a.value <<= b.value;
	else if (a.is_unsigned)
		a.value >>= b.value;
	else
		a.value = (long long)a.value >> b.value;
	*result = constant_normal(a);
	return true;
}

static bool is_less(struct constant a, struct constant b, bool is_unsigned)
{
	return is_unsigned ? a.value < b.value : (long long)a.value < (long long)b.value;
}

static bool compare(enum operation operation, struct constant a, struct constant b,
		    bool is_unsigned)
{
	switch (operation) {
	case LT:
		return is_less(a, b, is_unsigned);
	case GT:
		return is_less(b, a, is_unsigned);
	case LE:
		return !is_less(b, a, is_unsigned);
	case GE:
		return !is_less(a, b, is_unsigned);
	case EQ:
		return a.value == b.value;
	default:
		return a.value != b.value;
	}
}

bool constant_compute(enum operation operation, struct constant a, struct constant b,
		      struct constant *result)
{
	/* the usual arithmetic conversions (C11 6.3.1.8) */
	struct constant c = {
		.size = a.size > b.size ? a.size : b.size,
		.is_unsigned = (a.is_unsigned && a.size >= b.size) ||
			       (b.is_unsigned && b.size >= a.size),
	};

	if (operation == SHL || operation == SHR)
		return shift(operation, a, b, result);
	if (operation == LAND || operation == LOR) {
		*result =
			constant_truth(operation == LAND ? a.value && b.value : a.value || b.value);
		return true;
	}
	a = constant_cast(a, c.size, c.is_unsigned);
	b = constant_cast(b, c.size, c.is_unsigned);
	switch (operation) {
	case MUL:
		c.value = a.value * b.value;
		break;
	case DIV:
	case REM:
		if (!divide(operation, a, b, &c))
			return false;
		break;
	case ADD:
		c.value = a.value + b.value;
		break;
	case SUB:
		c.value = a.value - b.value;
		break;
	case AND:
		c.value = a.value & b.value;
		break;
	case XOR:
		c.value = a.value ^ b.value;
		break;
	case OR:
		c.value = a.value | b.value;
		break;
	default:
		c = constant_truth(compare(operation, a, b, c.is_unsigned));
		break;
	}
	*result = constant_normal(c);
	return true;
}
