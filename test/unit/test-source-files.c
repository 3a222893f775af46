// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: functions in the kernel's style and shorter ones; lines added, changed and removed in
 *   and between them.
 * Prevents: a changed helper that isn't named because its neighbour seems to be changed, or the
 *   other way round.
 * Fails if: the end of a function, or the lines that touch it, are found in another place.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/array.h"
#include "kpatch-build/source/source-files.h"

static const char *text[] = {
	/* 1 */ "static int f(int a,",
	/* 2 */ "	     int b)",
	/* 3 */ "{",
	/* 4 */ "	if (a) {",
	/* 5 */ "		b++;",
	/* 6 */ "	}",
	/* 7 */ "}",
	/* 8 */ "static inline int g(void) { return 0; }",
	/* 9 */ "static inline void h(void)",
	/* 10 */ "{ }",
	/* 11 */ "int last_without_an_end(void)",
};

static struct source_file file(struct line_range *ranges, size_t n)
{
	return (struct source_file){
		.lines = text,
		.n = ARRAY_SIZE(text),
		.ranges = ranges,
		.n_ranges = n,
	};
}

static void test_end(void **state)
{
	struct source_file f = file(NULL, 0);

	assert_int_equal(source_function_end(&f, 1), 7);
	assert_int_equal(source_function_end(&f, 8), 8);
	assert_int_equal(source_function_end(&f, 9), 10);
	assert_int_equal(source_function_end(&f, 11), 11);
	assert_int_equal(source_function_end(&f, 99), 99);
}

static void test_touched(void **state)
{
	struct line_range added[] = { { 5, 2 } }, between[] = { { 7, 0 } }, inside[] = { { 4, 0 } };
	struct source_file f = file(added, 1);

	assert_true(source_is_touched(&f, 1, 7));
	assert_true(source_is_touched(&f, 6, 6));
	assert_false(source_is_touched(&f, 7, 8));
	assert_false(source_is_touched(&f, 1, 4));
	assert_true(source_line_is_new(&f, 6));
	assert_false(source_line_is_new(&f, 7));
	f = file(between, 1); /* removed after line 7: between f() and g() */
	assert_false(source_is_touched(&f, 1, 7));
	assert_false(source_is_touched(&f, 8, 8));
	f = file(inside, 1);
	assert_true(source_is_touched(&f, 1, 7));
	assert_false(source_line_is_new(&f, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
