// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a file before and after a diff, with the change inside of everything into which a
 *   directive can't be put.
 * Prevents: an unchanged line whose number moves (each WARN after it becomes another one), a
 *   directive that becomes part of a string, comment or macro, and two lines with one number, of
 *   which a message would name the wrong one.
 * Fails if: the numbered text differs from the one written here, loses a byte of the patched one,
 *   or the compiler finds another line at a number.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/source/line-directives.h"
#include "lib/temporary.h"

struct numbers {
	const char *why, *original, *patched, *numbered;
};

static size_t count_lines(const char *text)
{
	size_t n = *text && text[strlen(text) - 1] != '\n';

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static struct numbered_text number(const char *original, const char *patched)
{
	struct numbered_text numbered;
	struct hunk *hunks;
	size_t n;

	write_text("original.c", original);
	write_text("patched.c", patched);
	assert_int_equal(hunks_between("original.c", "patched.c", &hunks, &n), 0);
	assert_int_equal(number_lines(patched, strlen(patched), count_lines(original), hunks, n,
				      &numbered),
			 0);
	free(hunks);
	return numbered;
}

/* Each line of the patched text has one number, and no other line has it. */
static void check_ranges(const struct numbered_text *numbered, const char *patched)
{
	size_t lines = 0;

	for (size_t i = 0; i < numbered->n_ranges; i++) {
		const struct numbered_range *a = &numbered->ranges[i];

		assert_int_equal(a->line, lines + 1);
		lines += a->n;
		for (size_t k = 0; k < i; k++) {
			const struct numbered_range *b = &numbered->ranges[k];

			assert_true(a->number + a->n <= b->number || b->number + b->n <= a->number);
		}
	}
	assert_int_equal(lines, count_lines(patched));
}

static const struct numbers cases[] = {
	{ "nothing differs", "a\nb\n", "a\nb\n", "a\nb\n" },
	{ "added on top", "a\nb\n", "x\na\nb\n", "#line 10001\nx\n#line 1\na\nb\n" },
	{ "added at the end", "a\nb\n", "a\nb\nx\n", "a\nb\n#line 10003\nx\n" },
	{ "added between", "a\nb\n", "a\nx\ny\nb\n", "a\n#line 10002\nx\ny\n#line 2\nb\n" },
	{ "removed", "a\nb\nc\n", "a\nc\n", "a\n#line 3\nc\n" },
	{ "removed on top and at the end", "a\nb\nc\n", "b\n", "#line 2\nb\n" },
	{ "replaced by as many", "a\nb\nc\n", "a\nx\nc\n", "a\nx\nc\n" },
	{ "replaced by more", "a\nb\nc\n", "a\nx\ny\nc\n", "a\nx\n#line 10003\ny\n#line 3\nc\n" },
	{ "replaced by fewer", "a\nb\nc\nd\n", "a\nx\nd\n", "a\nx\n#line 4\nd\n" },
	{ "two hunks", "a\nb\nc\n", "x\na\nb\ny\nc\n",
	  "#line 10001\nx\n#line 1\na\nb\n#line 10004\ny\n#line 3\nc\n" },
	{ "all new", "", "x\ny\n", "#line 10001\nx\ny\n" },
	{ "all gone", "a\n", "", "" },
	{ "no line feed at the end", "a\nb", "x\na\nb", "#line 10001\nx\n#line 1\na\nb" },
	{ "a line feed comes at the end", "a\nb", "x\na\nb\n", "#line 10001\nx\n#line 1\na\nb\n" },
	{ "carriage returns", "a\r\nb\r\n", "x\r\na\r\nb\r\n",
	  "#line 10001\nx\r\n#line 1\na\r\nb\r\n" },
	{ "a comment grows", "/* a\n */\nb\n", "/* a\n * x\n */\nb\n",
	  "#line 10001\n/* a\n * x\n */\n#line 3\nb\n" },
	{ "no comment: \"/*\"", "f(\"/*\");\nb\n", "f(\"/*\");\nx\nb\n",
	  "f(\"/*\");\n#line 10002\nx\n#line 2\nb\n" },
	{ "no string: '\"'", "f('\"');\nb\n", "f('\"');\nx\nb\n",
	  "f('\"');\n#line 10002\nx\n#line 2\nb\n" },
	{ "no end of a string: \\\"", "f(\"\\\"(\");\nb\n", "f(\"\\\"(\");\nx\nb\n",
	  "f(\"\\\"(\");\n#line 10002\nx\n#line 2\nb\n" },
	{ "no comment's end in a line comment", "// /*\nb\n", "// /*\nx\nb\n",
	  "// /*\n#line 10002\nx\n#line 2\nb\n" },
	{ "a line comment that goes on", "// a \\\nb\nc\n", "// a \\\nx\nb\nc\n",
	  "#line 10001\n// a \\\nx\n#line 2\nb\nc\n" },
	{ "a macro's body grows", "#define A do { \\\n} while (0)\nb\n",
	  "#define A do { \\\nx; \\\n} while (0)\nb\n",
	  "#line 10001\n#define A do { \\\nx; \\\n} while (0)\n#line 3\nb\n" },
	{ "blanks after the backslash", "#define A { \\ \t\n}\nb\n",
	  "#define A { \\ \t\nx; \\ \t\n}\nb\n",
	  "#line 10001\n#define A { \\ \t\nx; \\ \t\n}\n#line 3\nb\n" },
	{ "a string over two lines", "\"a \\\nb\";\nc\n", "\"a \\\nx \\\nb\";\nc\n",
	  "#line 10001\n\"a \\\nx \\\nb\";\n#line 3\nc\n" },
	{ "a raw string", "R\"-(a\n)-\";\nb\n", "R\"-(a\n)\";\n)-\";\nb\n",
	  "#line 10001\nR\"-(a\n)\";\n)-\";\n#line 3\nb\n" },
	{ "a raw string's backslash", "R\"(\\\n)\";\nb\n", "x\nR\"(\\\n)\";\nb\n",
	  "#line 10001\nx\n#line 1\nR\"(\\\n)\";\nb\n" },
	{ "no raw string: xR", "xR\"(\";\nb\n", "xR\"(\";\nx\nb\n",
	  "xR\"(\";\n#line 10002\nx\n#line 2\nb\n" },
	{ "a macro's arguments", "f(a,\n  b);\nc\n", "f(a,\n  x,\n  b);\nc\n",
	  "#line 10001\nf(a,\n  x,\n  b);\n#line 3\nc\n" },
	{ "as many arguments' lines", "f(a,\n  b);\nc\n", "f(a,\n  x);\nc\n", "f(a,\n  x);\nc\n" },
	{ "arguments in the line after the name", "F\n(a)\nc\n", "F\n/* x */\n(a)\nc\n",
	  "#line 10001\nF\n/* x */\n(a)\n#line 3\nc\n" },
	{ "a cast in the line after a statement", "a;\n(void)b;\n", "a;\nx;\n(void)b;\n",
	  "a;\n#line 10002\nx;\n#line 2\n(void)b;\n" },
	{ "parentheses of a macro's body don't count", "#define A (\nb\nc\n",
	  "#define A (\nb\nx\nc\n", "#define A (\nb\n#line 10003\nx\n#line 3\nc\n" },
	{ "a branch that isn't compiled", "#ifdef A\na\n#endif\nb\n#if B\n#endif\nc\n",
	  "#ifdef A\nx\na\n#endif\nb\n#if B\n#endif\nc\n",
	  "#ifdef A\n#line 10002\nx\n#line 2\na\n#endif\n#line 4\nb\n#if B\n#line 6\n#endif\n#line 7\nc\n" },
	{ "one of two branches", "#if A\na\n#else\nb\n#endif\nc\n",
	  "#if A\nx\na\n#else\nb\n#endif\nc\n",
	  "#if A\n#line 10002\nx\n#line 2\na\n#else\n#line 4\nb\n#endif\n#line 6\nc\n" },
	{ "a condition of two lines", "#if A && \\\nB\na\n#endif \\\n\nb\n",
	  "x\n#if A && \\\nB\na\n#endif \\\n\nb\n",
	  "#line 10001\nx\n#line 1\n#if A && \\\nB\n#line 3\na\n#endif \\\n\n#line 6\nb\n" },
	{ "prose in #if 0", "#if 0\ndon't (\n#endif\nb\nc\n", "#if 0\ndon't (\n( x\n#endif\nb\nc\n",
	  "#if 0\ndon't (\n#line 10003\n( x\n#endif\n#line 4\nb\nc\n" },
	{ "each branch opens the parenthesis", "#if A\nif (f(\n#else\nif (g(\n#endif\na))\nb\nc\n",
	  "#if A\nif (f(\n#else\nif (g(\n#endif\nx,\na))\nb\nc\n",
	  "#if A\nif (f(\n#else\n#line 10004\nif (g(\n#endif\nx,\na))\n#line 7\nb\nc\n" },
	{ "a parenthesis too many", "a)\nb\nc\n", "a)\nb\nx\nc\n",
	  "a)\nb\n#line 10003\nx\n#line 3\nc\n" },
	{ "a branch that ends within arguments", "f(\n#if A\n#endif\n);\nb\n",
	  "x\nf(\n#if A\n#endif\n);\nb\n",
	  "#line 10001\nx\n#line 1\nf(\n#if A\n#endif\n);\n#line 5\nb\n" },
	{ "a comment before the '#'", "/* a */ #define A \\\n(\nb\n",
	  "/* a */ #define A \\\n(\nx\nb\n",
	  "/* a */ #define A \\\n(\n#line 10003\nx\n#line 3\nb\n" },
	{ "no directive: a '#' in a line", "a # if\nb\nc\n", "a # if\nx\nb\nc\n",
	  "a # if\n#line 10002\nx\n#line 2\nb\nc\n" },
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct numbered_text numbered = number(cases[i].original, cases[i].patched);

		if (strcmp(numbered.text, cases[i].numbered))
			print_error("%s:\n%s\n", cases[i].why, numbered.text);
		assert_string_equal(numbered.text, cases[i].numbered);
		check_ranges(&numbered, cases[i].patched);
		numbered_text_free(&numbered);
	}
}

/* Its own numbers are about another file. */
static void test_own_directives(void **state)
{
	static const char *const own[] = {
		"#line 7\na\n",	    "# line 7 \"x.y\"\na\n", "# 7 \"x.y\" 2\na\n",
		"#\\\nline 7\na\n", "/**/#line 7\na\n",
	};
	static const char *const others[] = { "\"#line 7\";\na\n", "/*\n#line 7\n*/\na\n",
					      "#lined\na\n", "#define line\na\n" };
	char patched[64];

	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		struct numbered_text numbered;

		snprintf(patched, sizeof(patched), "x\n%s", own[i]);
		numbered = number(own[i], patched);
		assert_null(numbered.text);
		assert_int_equal(numbered.n_ranges, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct numbered_text numbered;

		snprintf(patched, sizeof(patched), "x\n%s", others[i]);
		numbered = number(others[i], patched);
		assert_non_null(numbered.text);
		numbered_text_free(&numbered);
	}
}

/* A bug entry has 16 bits: the numbers of added lines are those after the original's last then. */
static void test_long_file(void **state)
{
	static const struct {
		size_t lines;
		const char *begin;
	} long_files[] = {
		{ 9999, "#line 20001\nx\n#line 1\n" }, /* with the added line: 10000 */
		{ 9998, "#line 10001\nx\n#line 1\n" },	{ 25000, "#line 30001\nx\n#line 1\n" },
		{ 29999, "#line 30000\nx\n#line 1\n" }, { 40000, "#line 40001\nx\n#line 1\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(long_files); i++) {
		char *patched = malloc(2 * (long_files[i].lines + 1) + 1);
		struct numbered_text numbered;

		memcpy(patched, "x\n", 2);
		for (size_t k = 0; k < long_files[i].lines; k++)
			memcpy(patched + 2 + 2 * k, "a\n", 2);
		patched[2 + 2 * long_files[i].lines] = '\0';
		numbered = number(patched + 2, patched);
		assert_memory_equal(numbered.text, long_files[i].begin,
				    strlen(long_files[i].begin));
		check_ranges(&numbered, patched);
		numbered_text_free(&numbered);
		free(patched);
	}
}

static void test_long_file_with_two_hunks(void **state)
{
	static const struct hunk hunks[] = { { 0, 0, 1, 1 }, { 1, 0, 3, 2 } };
	static char text[2 * 70003 + 1];
	struct numbered_text numbered;

	for (size_t i = 0; i < 70003; i++)
		memcpy(text + 2 * i, "a\n", 2);
	assert_int_equal(number_lines(text, strlen(text), 70000, hunks, 2, &numbered), 0);
	assert_memory_equal(numbered.text,
			    "#line 70001\na\n#line 1\na\n#line 70002\na\na\n#line 2\na\n", 50);
	check_ranges(&numbered, text);
	numbered_text_free(&numbered);
}

static void test_hunks_that_do_not_fit(void **state)
{
	static const struct hunk wrong[] = {
		{ 1, 1, 1, 0 }, { 4, 1, 4, 1 }, { 1, 2, 1, 1 }, { 0, 0, 2, 1 }, { 2, 1, 1, 1 },
	};
	struct hunk twice[] = { { 2, 1, 2, 1 }, { 1, 1, 1, 1 } };
	struct numbered_text numbered;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(number_lines("a\nb\nc\n", 6, 3, &wrong[i], 1, &numbered), -EINVAL);
	assert_int_equal(number_lines("a\nb\nc\n", 6, 3, twice, 2, &numbered), -EINVAL);
}

/* One blank between words, but for the line feed in the raw string. */
static void join_words(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		bool blank = *at == ' ' || (*at == '\n' && at[1] != ')');

		if (!blank || (to > text && to[-1] != ' '))
			*to++ = blank ? ' ' : *at;
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* What __LINE__ is, and what is left, by the compiler itself. */
static void test_compiler(void **state)
{
	static const char original[] =
		"#define F(a, b) a b\n#if 0\nit's (\n#else\n__LINE__\n#endif\n__LINE__\nF(1,\n  __LINE__)\n"
		"R\"(\n)\" __LINE__\n/*\n*/ __LINE__\n";
	static const char patched[] =
		"/* x\n*/\n#define F(a, b) a b\n#if 0\nit's (\nx\n#else\n__LINE__\n#endif\nx\n__LINE__\n"
		"F(1,\n  __LINE__)\nR\"(\n)\" __LINE__\nx\n/*\n*/ __LINE__\n";
	static const char expected[] = "5 x 7 1 9 R\"(\n)\" 11 x 13";
	const char *argv[] = { "gcc", "-E", "-P", "-w", "-std=gnu11", "numbered.c", NULL };
	struct process process = { .argv = argv };
	struct numbered_text numbered = number(original, patched);

	write_text("numbered.c", numbered.text);
	assert_int_equal(process_run(&process), 0);
	join_words(process.log);
	assert_string_equal(process.log, expected);
	process_end(&process);
	numbered_text_free(&numbered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_own_directives),
		cmocka_unit_test(test_long_file),
		cmocka_unit_test(test_long_file_with_two_hunks),
		cmocka_unit_test(test_hunks_that_do_not_fit),
		cmocka_unit_test(test_compiler),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
