// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: lists of names and of arguments are vectors that own their strings.
 * Prevents: an argv without its NULL, a string that is freed twice, an overlooked lack of memory.
 * Fails if: the list doesn't end with NULL, isn't in order, or strvec_done() misses a failure.
 */
#include <errno.h>

#include "test/unit/fixture.h"

#include "lib/strvec.h"

static void strings_are_kept_in_order(void **state)
{
	struct strvec strings = { 0 };

	assert_int_equal(strvec_add(&strings, "first"), 0);
	assert_int_equal(strvec_addf(&strings, "%s-%d", "second", 2), 0);
	assert_int_equal(strvec_take(&strings, strdup("third")), 0);
	assert_int_equal(strings.n, 3);
	assert_string_equal(strings.list[0], "first");
	assert_string_equal(strings.list[1], "second-2");
	assert_string_equal(strings.list[2], "third");
	assert_null(strings.list[3]);
	assert_int_equal(strvec_done(&strings, NULL), 0);
	strvec_free(&strings);
	assert_null(strings.list);
	assert_int_equal(strings.n, 0);
}

static void only_equal_strings_are_found_and_replaced(void **state)
{
	struct strvec strings = { 0 };

	assert_false(strvec_has(&strings, "a"));
	strvec_add(&strings, "a");
	strvec_add(&strings, "ab");
	strvec_add(&strings, "a");
	assert_true(strvec_has(&strings, "ab"));
	assert_false(strvec_has(&strings, "b"));
	assert_int_equal(strvec_replace(&strings, "a", "c"), 0);
	assert_string_equal(strings.list[0], "c");
	assert_string_equal(strings.list[1], "ab");
	assert_string_equal(strings.list[2], "c");
	assert_null(strings.list[3]);
	strvec_free(&strings);
}

static void a_failure_is_remembered(void **state)
{
	struct strvec strings = { 0 };
	struct diag *diag = diag_new("test");

	strvec_add(&strings, "a");
	assert_int_equal(strvec_take(&strings, NULL), -ENOMEM);
	strvec_add(&strings, "b");
	assert_int_equal(strings.n, 2);
	assert_int_equal(strvec_done(&strings, diag), -ENOMEM);
	assert_reported(diag, "KS900");
	diag_free(diag);
	strvec_free(&strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_kept_in_order),
		cmocka_unit_test(only_equal_strings_are_found_and_replaced),
		cmocka_unit_test(a_failure_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
