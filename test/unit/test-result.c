// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: create-diff-object is another process; its result is a file that may be truncated,
 *   empty, of another version, or right.
 * Prevents: a pass that treats a missing member as "nothing", and so builds less than was changed.
 * Fails if: a wrong result is accepted, the error doesn't name the wrong member, or a right result
 *   is read differently than it was written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/result.h"

static const char right[] =
	"{'functions': [{'name': 'f', 'status': 'changed', 'file': 'a.h', 'line': 7, 'sympos': 2,"
	"  'leads_to': 'g', 'was': 'int f(void)', 'is': 'long f(void)', 'exit': true},"
	"  {'name': 'g', 'status': 'new', 'file': null, 'line': 0, 'sympos': 0}],"
	" 'data': [{'name': 'd', 'status': 'new'}],"
	" 'references': [{'object': 'vmlinux', 'name': 'r', 'sympos': 1, 'variable': true, 'size': 8}],"
	" 'exports': [{'name': 'e', 'file': null, 'line': 3}],"
	" 'unresolved': [{'name': 'u', 'file': 'a.c', 'line': 4, 'function': 'f'}],"
	" 'variables': [{'name': 'v.1', 'status': 'removed', 'type': 'int', 'size': 4, 'line': 5}],"
	" 'callbacks': [{'kind': 'pre_patch', 'name': 'c', 'line': 6}],"
	" 'states': [{'id': '0x17', 'version': 2, 'line': 8}],"
	" 'diagnostics': [{'code': 'KS102', 'file': 'a.c', 'line': 9, 'function': 'f'}]}";

/* The result with the first @from replaced by @to; ' means ". */
static int load(const char *from, const char *to, struct result **result, char *wrong, size_t size)
{
	char path[] = "/tmp/test-result.XXXXXX", text[sizeof(right) + 200];
	const char *at = strstr(right, from);
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - right), right, to, at + strlen(from));
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	err = result_load(path, "unit.c", result, wrong, size);
	unlink(path);
	return err;
}

static void reads_what_was_written(void **state)
{
	struct result *r = NULL;
	char wrong[80];

	assert_int_equal(load("", "", &r, wrong, sizeof(wrong)), 0);
	assert_int_equal(r->n_functions, 2);
	assert_string_equal(r->functions[0].name, "f");
	assert_true(function_is_replaced(&r->functions[0]) && r->functions[0].is_exit);
	assert_string_equal(r->functions[0].place.file, "a.h");
	assert_int_equal(r->functions[0].place.line, 7);
	assert_int_equal(r->functions[0].sympos, 2);
	assert_string_equal(r->functions[0].leads_to, "g");
	assert_string_equal(r->functions[0].was, "int f(void)");
	assert_string_equal(r->functions[0].is, "long f(void)");
	assert_false(function_is_replaced(&r->functions[1]) || r->functions[1].is_exit);
	assert_string_equal(r->functions[1].place.file, "unit.c");
	assert_true(r->references[0].variable && !r->references[0].global);
	assert_int_equal(r->references[0].size, 8);
	assert_string_equal(r->exports[0].place.file, "unit.c");
	assert_string_equal(r->unresolved[0].place.function, "f");
	assert_int_equal(r->variables[0].status, RESULT_REMOVED);
	assert_string_equal(r->variables[0].type, "int");
	assert_string_equal(r->callbacks[0].kind, "pre_patch");
	assert_int_equal(r->states[0].version, 2);
	assert_true(result_has_code(r, "KS102") && !result_has_code(r, "KS10"));
	result_free(r);
}

static void keeps_what_is_added(void **state)
{
	struct result *r = NULL;
	char wrong[80];

	assert_int_equal(load("", "", &r, wrong, sizeof(wrong)), 0);
	assert_int_equal(result_add_reference(r, "nfs", "x", 3), 0);
	assert_int_equal(r->n_references, 2);
	assert_true(r->references[1].global);
	assert_string_equal(r->references[1].object, "nfs");
	assert_int_equal(json_array_size(json_object_get(r->json, "references")), 2);
	assert_int_equal(result_function_sleeps(&r->functions[0], "it waits"), 0);
	assert_string_equal(json_string_value(json_object_get(r->functions[0].row, "sleeps")),
			    "it waits");
	result_free(r);
}

static void refuses_a_wrong_answer(void **state)
{
	static const struct {
		const char *from, *to;
		int err;
		const char *wrong;
	} cases[] = {
		{ "{'functions'", "'functions'", -ENOENT, "" },
		{ "'functions'", "'function'", -EPROTO, "functions" },
		{ "'callbacks': [", "'callbacks': {}, 'x': [", -EPROTO, "callbacks" },
		{ "'changed'", "'chang'", -EPROTO, "functions: status" },
		{ "'name': 'f', ", "", -EPROTO, "functions: name" },
		{ "'line': 7", "'line': '7'", -EPROTO, "functions: line" },
		{ "'line': 7", "'line': -7", -EPROTO, "functions: line" },
		{ "'line': 7", "'line': 4294967296", -EPROTO, "functions: line" },
		{ "'sympos': 2", "'sympos': 2.5", -EPROTO, "functions: sympos" },
		{ "'exit': true", "'exit': 1", -EPROTO, "functions: exit" },
		{ "'leads_to': 'g'", "'leads_to': ['g']", -EPROTO, "functions: leads_to" },
		{ "{'name': 'd', 'status': 'new'}", "'d'", -EPROTO, "data: name" },
		{ "'object': 'vmlinux', ", "", -EPROTO, "references: object" },
		{ "'size': 8", "'size': -8", -EPROTO, "references: size" },
		{ "'removed'", "null", -EPROTO, "variables: status" },
		{ "'version': 2", "'version': true", -EPROTO, "states: version" },
		{ "'KS102'", "102", -EPROTO, "diagnostics: code" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct result *r = NULL;
		char wrong[80] = "";

		assert_int_equal(load(cases[i].from, cases[i].to, &r, wrong, sizeof(wrong)),
				 cases[i].err);
		assert_string_equal(wrong, cases[i].wrong);
		assert_null(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_written),
		cmocka_unit_test(keeps_what_is_added),
		cmocka_unit_test(refuses_a_wrong_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
