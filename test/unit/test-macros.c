// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: expressions as the preprocessor leaves them; texts of "gcc -E -P -dU".
 * Prevents: a warning about a macro that is only written differently; a missing warning about one
 *   whose number changes.
 * Fails if: a value differs from the compiler's, an expression that isn't constant gets a value,
 *   or an expansion is attributed to another macro.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/array.h"
#include "kpatch-build/check/macro-set.h"

/* The compiler says what is right. */
#define AS_C(expression)                                      \
	{                                                     \
#expression, (unsigned long long)(expression) \
	}

static const struct {
	const char *text;
	unsigned long long value;
} values[] = {
	AS_C(1),
	AS_C(0x10),
	AS_C(010),
	AS_C(0b101),
	AS_C('a'),
	AS_C('\n'),
	AS_C('\\'),
	AS_C(-1),
	AS_C(~0),
	AS_C(~0U),
	AS_C(~0UL),
	AS_C(-1U),
	AS_C(0xffffffff),
	AS_C(4294967295),
	AS_C(-0x80000000),
	AS_C(1 + 2 * 3),
	AS_C((1 + 2) * 3),
	AS_C(10 - 3 - 2),
	AS_C(100 / 7 % 4),
	AS_C(-7 / 2),
	AS_C(-7 % 3),
	AS_C(1 << 3),
	AS_C((1UL) << (40)),
	AS_C(-8 >> 1),
	AS_C(0xf0U >> 4),
	AS_C(8 | (2 ^ (3 & 6))),
	AS_C(1 < 2),
	{ "-1 < 1U", 0 },
	{ "8 | 2 ^ 3 & 6", 8 },
	{ "1 || 0 && 0", 1 },
	AS_C(2 >= 3),
	AS_C(1 == 1 && 0 != 1),
	AS_C(0 || 0),
	AS_C(!5),
	AS_C(!!5),
	AS_C(1 ? 2 : 3),
	AS_C(0	 ? 2
	     : 1 ? 4
		 : 5),
	AS_C(3 ?: 4),
	AS_C(0 ?: 4),
	AS_C((int)5),
	AS_C((unsigned long)1 << 33),
	AS_C((signed char)0xff),
	AS_C((unsigned char)-1),
	AS_C((unsigned short)0x12345),
	AS_C((int)0x80000000),
	AS_C((long)(int)-1),
	AS_C((void *)16),
	AS_C(sizeof(int)),
	AS_C(sizeof(unsigned long long)),
	AS_C(sizeof(unsigned short)),
	AS_C(sizeof(char *)),
	AS_C((unsigned int)-1 + 1),
	AS_C(0x7fffffffU + 1),
	AS_C(0u - 1ul),
	AS_C(__builtin_constant_p(sizeof(int[3])) + 1),
	AS_C(__builtin_choose_expr(0, 7, (8))),
	/* GENMASK(9, 4) of 6.1 */
	AS_C((0) + (((~(((0UL)))) - ((((1UL))) << (4)) + 1) & (~(((0UL))) >> (64 - 1 - (9))))),
};

static const char *const unknown[] = {
	"",	    "x",	 "f(1)",
	"x + 1",    "(x) - 1",	 "\"4\"",
	"1.5",	    "1 +",	 "(1",
	"1)",	    "1 2",	 "{ 1 }",
	"1 / 0",    "1 << 32",	 "sizeof(struct s)",
	"({ 1; })", "a ? 1 : 2", "__builtin_offsetof(struct s, a)",
	"1ux",	    "'ab'",	 "&x",
	"*p",
};

static bool find(const char *name, size_t n, struct constant *value, void *arg)
{
	(void)arg;
	*value = (struct constant){ .value = 6, .size = 4 };
	return n == 3 && !memcmp(name, "six", 3);
}

static void values_are_those_of_the_compiler(void **state)
{
	struct constant c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		bool known =
			constant_evaluate(values[i].text, strlen(values[i].text), NULL, NULL, &c);

		if (!known || c.value != values[i].value)
			fail_msg("%s: %s, %llu", values[i].text, known ? "known" : "unknown",
				 c.value);
	}
	assert_true(constant_evaluate("1 << six", 8, find, NULL, &c));
	assert_int_equal(c.value, 64);
	assert_true(constant_evaluate("(six) - 1", 9, find, NULL, &c));
	assert_int_equal(c.value, 5);
	assert_true(constant_evaluate("(gfp_t)0x11u", 12, find, NULL, &c));
	assert_int_equal(c.value, 17);
	assert_true(constant_evaluate("(dev_mask_t)3", 13, find, NULL, &c));
	assert_int_equal(c.value, 3);
}

static void what_is_not_understood_has_no_value(void **state)
{
	char deep[2001];
	struct constant c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		if (constant_evaluate(unknown[i], strlen(unknown[i]), find, NULL, &c))
			fail_msg("%s is %llu", unknown[i], c.value);
	memset(deep, '(', sizeof(deep));
	assert_false(constant_evaluate(deep, sizeof(deep), find, NULL, &c));
}

static void constants_are_told_from_code(void **state)
{
	static const char *const constants[] = { "sizeof(struct s)", "1 + sizeof(int[six])",
						 "__builtin_offsetof(struct s, a)" };
	static const char *const code[] = { "x", "f(1)", "\"s\"", "1 + x", "({ 1; })", "", "()" };

	(void)state;
	assert_true(constant_looks_like(constants[0], strlen(constants[0]), find, NULL));
	assert_true(constant_looks_like(constants[1], strlen(constants[1]), find, NULL));
	for (size_t i = 0; i < ARRAY_SIZE(code); i++)
		if (constant_looks_like(code[i], strlen(code[i]), find, NULL))
			fail_msg("%s", code[i]);
}

static const char text[] = "#define A 1\n"
			   "enum { X, Y = 5, Z };\n"
			   "enum __attribute__((packed)) named { P = (1 << 2),\n"
			   "#define F(x) ((x) + 1)\n"
			   "Q, R = f(1), S };\n"
			   "enum named function(enum named n) { return X; }\n"
			   "#define B (A + 1)\n"
			   "#undef GONE\n"
			   "#define EMPTY\n"
			   "#define EMPTY_TOO \n"
			   "#define STRING \"@\"\n"
			   "#define OPEN F(\n"
			   "#define A 2\n"
			   "#define C F(B)\n";

static void a_text_is_read(void **state)
{
	char *copy = strdup(text), *input;
	struct macro_set set;
	struct constant c;

	(void)state;
	assert_int_equal(macro_set_read(&set, copy), 0);
	assert_int_equal(set.n, 8);
	assert_string_equal(macro_set_find(&set, "A", 0)->body, "1");
	assert_string_equal(macro_set_find(&set, "A", 1)->body, "2");
	assert_string_equal(macro_set_find(&set, "A", 7)->body, "2");
	assert_string_equal(macro_set_find(&set, "C", 0)->body, "F(B)");
	assert_string_equal(macro_set_find(&set, "F", 0)->calls, "F(3);F(0x2468ace1)");
	assert_null(macro_set_find(&set, "GONE", 0));
	assert_true(macro_set_enumerator("X", 1, &c, &set) && c.value == 0);
	assert_true(macro_set_enumerator("Y", 1, &c, &set) && c.value == 5);
	assert_true(macro_set_enumerator("Z", 1, &c, &set) && c.value == 6);
	assert_true(macro_set_enumerator("P", 1, &c, &set) && c.value == 4);
	assert_true(macro_set_enumerator("Q", 1, &c, &set) && c.value == 5);
	assert_false(macro_set_enumerator("R", 1, &c, &set));
	assert_false(macro_set_enumerator("S", 1, &c, &set));
	assert_false(macro_set_enumerator("n", 1, &c, &set));

	input = macro_set_to_expand(&set);
	assert_non_null(strstr(input, "#define F(x) ((x) + 1)\n"));
	assert_null(strstr(input, "@klp_split@ F(\n"));
	assert_int_equal(
		macro_set_take(
			&set,
			"@klp_split@ 0 @klp_split@ 1\n@klp_split@ 7 @klp_split@ ((((2) + 1)) + 1)\n@klp_split@"),
		0);
	assert_string_equal(macro_set_find(&set, "A", 0)->expansion, " 1\n");
	assert_string_equal(macro_set_find(&set, "C", 0)->expansion, " ((((2) + 1)) + 1)\n");
	assert_null(macro_set_find(&set, "A", 1)->expansion);
	free(input);
	free(copy);
	macro_set_free(&set);
}

/* Those that are defined otherwise are expanded with numbers; what can't be expanded is left out. */
static void macros_with_arguments_are_called(void **state)
{
	char old_text[] = "#define F(x) ((x) << 1)\n#define G(a, b) a b\n#define H() 1\n";
	char new_text[] = "#define F(x) ((x) << 2)\n#define G(a, b) a b\n#define H() 2\n";
	struct macro_set old, new;
	char *input;

	(void)state;
	assert_int_equal(macro_set_read(&old, old_text), 0);
	assert_int_equal(macro_set_read(&new, new_text), 0);
	macro_sets_choose_calls(&old, &new);
	input = macro_set_to_expand(&new);
	assert_non_null(strstr(input, "@klp_split@ 0 @klp_split@ F(3);F(0x2468ace1)\n"));
	assert_null(strstr(input, "@ G("));
	assert_non_null(strstr(input, "@klp_split@ 2 @klp_split@ H();H()\n"));
	free(input);
	assert_false(macro_set_leave_out(&new, "x.c:1: error: something else"));
	assert_true(macro_set_leave_out(&new, " 1 | @klp_split@ 2 @klp_split@ H();H()\n"));
	assert_false(macro_set_leave_out(&new, " 1 | @klp_split@ 2 @klp_split@ H();H()\n"));
	input = macro_set_to_expand(&new);
	assert_null(strstr(input, "@ H("));
	free(input);
	macro_set_free(&old);
	macro_set_free(&new);
}

static void enumerators_are_compared(void **state)
{
	static const struct {
		const char *new;
		bool differ;
	} texts[] = {
		{ "enum { A, B = 3, C };", false },
		{ "enum { B = 3, C }; enum { A };", false },
		{ "enum { A, B = 4, C };", true },
		{ "enum { A, B = 3, NEW, C };", true },
		{ "enum { A, B = 3, C, NEW };", false },
		{ "enum { B = 3, C };", false },
		{ "enum { A, B = f(), C };", true },
	};
	char old_text[] = "enum { A, B = 3, C };";
	struct macro_set old, new;

	(void)state;
	assert_int_equal(macro_set_read(&old, old_text), 0);
	memset(old_text, 'x', strlen(old_text)); /* the text needn't live as long as the set */
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char *copy = strdup(texts[i].new);

		assert_int_equal(macro_set_read(&new, copy), 0);
		memset(copy, 'x', strlen(copy));
		if (macro_sets_differ_in_enumerators(&old, &new) != texts[i].differ)
			fail_msg("%s", texts[i].new);
		macro_set_free(&new);
		free(copy);
	}
	macro_set_free(&old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_of_the_compiler),
		cmocka_unit_test(what_is_not_understood_has_no_value),
		cmocka_unit_test(constants_are_told_from_code),
		cmocka_unit_test(a_text_is_read),
		cmocka_unit_test(macros_with_arguments_are_called),
		cmocka_unit_test(enumerators_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
