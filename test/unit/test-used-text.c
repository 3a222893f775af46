// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pairs of preprocessed texts, of which the second has additional or other text.
 * Prevents: a unit that is left out although its code changes with a header; hundreds of units
 *   that are compiled because of text that they don't use.
 * Fails if: text that makes code is removed, or an inline function, prototype or structure that
 *   nothing names is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/array.h"
#include "kpatch-build/units/used-text.h"

#define USER "int f(int a) { return g(a) + sizeof(struct s); }\n"

static const struct {
	const char *what, *a, *b;
	int same;
} pairs[] = {
	{ "an inline function that nobody calls", USER,
	  "static inline int h(int a) { return a; }\n" USER, 1 },
	{ "one that is called", USER, "static inline int g(int a) { return a; }\n" USER, 0 },
	{ "one changes that nobody calls", "static inline int h(int a) { return a; }\n" USER,
	  "static inline int h(int a) { return -a; }\n" USER, 1 },
	{ "one changes that is called", "static inline int g(int a) { return a; }\n" USER,
	  "static inline int g(int a) { return -a; }\n" USER, 0 },
	{ "one changes that one calls that is called",
	  "static inline int h(int a) { return a; }\nstatic inline int g(int a) { return h(a); }\n" USER,
	  "static inline int h(int a) { return -a; }\nstatic inline int g(int a) { return h(a); }\n" USER,
	  0 },
	{ "a circle of functions that nobody calls", USER,
	  "static inline int h(int);\nstatic inline int i(int a) { return h(a); }\n"
	  "static inline int h(int a) { return i(a); }\n" USER,
	  1 },
	{ "after its user", USER, USER "static inline struct x *h(int a) { return 0; }\n", 1 },
	{ "attributes", USER,
	  "static inline __attribute__((__gnu_inline__)) __attribute__((unused)) int\nh(struct q *a, "
	  "int (*b)(int)) { if (a) { b(1); } return '}'; }\n" USER,
	  1 },
	{ "braces and quotes in strings", USER,
	  "static inline int h(int a) { p(\"}\\\"{\", '\"', '\\''); return a; }\n" USER, 1 },
	{ "not inline", USER, "static int h(int a) { return a; }\n" USER, 0 },
	{ "not static", USER, "inline int h(int a) { return a; }\n" USER, 0 },
	{ "kept by an attribute", USER,
	  "static inline __attribute__((__used__)) int h(int a) { return a; }\n" USER, 0 },
	{ "run at the start", USER,
	  "static inline __attribute__((constructor)) void h(void) { x = 1; }\n" USER, 0 },
	{ "named in a string", "__asm__(\"call h\");\n" USER,
	  "static inline int h(int a) { return a; }\n__asm__(\"call h\");\n" USER, 0 },
	{ "a prototype of what nobody calls", USER, "extern int h(int a, ...);\n" USER, 1 },
	{ "a prototype of what is called", USER, "int g(int a) __attribute__((cold));\n" USER, 0 },
	{ "a prototype that gives another name", USER,
	  "int h(int a) __attribute__((alias(\"f\")));\n" USER, 0 },
	{ "two prototypes in one", USER, "int h(int a), g(int b);\n" USER, 0 },
	{ "a pointer to a function", USER, "int (*h)(int a);\n" USER, 0 },
	{ "a variable", USER, "int h;\n" USER, 0 },
	{ "a variable with a value", USER, "int h = x(1);\n" USER, 0 },
	{ "a structure that nobody uses", USER, "struct q { int a; char b[8]; };\n" USER, 1 },
	{ "a structure that is used", USER, "struct s { int a; };\n" USER, 0 },
	{ "a structure and a variable", USER, "struct q { int a; } h;\n" USER, 0 },
	{ "a structure in a structure", USER, "struct q { struct s { int a; } a; };\n" USER, 0 },
	{ "values", USER, "enum { a = 1 };\n" USER, 0 },
	{ "a type", USER, "typedef int g(int);\n" USER, 0 },
	{ "an assertion", USER, "_Static_assert(sizeof(int) == 4, \"int\");\n" USER, 0 },
	{ "code between functions", USER, "__asm__(\".globl h\");\n" USER, 0 },
	{ "an order to the compiler", USER, "#pragma pack(1)\nstruct q { int a; };\n" USER, 0 },
	{ "what isn't whole", USER, USER "static inline int h(int a) { return a;", 0 },
	{ "another function", USER, "int h(int a) { return a; }\n" USER, 0 },
	{ "nothing", "", "", 1 },
};

static void only_what_makes_no_code_is_dropped(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		char *a = strdup(pairs[i].a), *b = strdup(pairs[i].b);

		assert_int_equal(text_drop_unused(a), 0);
		assert_int_equal(text_drop_unused(b), 0);
		if ((strcmp(a, b) == 0) != pairs[i].same)
			fail_msg("%s: '%s' and '%s'", pairs[i].what, a, b);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_makes_no_code_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
