// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: text with markup, bytes that aren't UTF-8, characters that change the direction of
 *   text.
 * Prevents: a diff that becomes part of the page which shows it, or looks like another diff.
 * Fails if: the output contains anything that a browser doesn't treat as text, or plain text is
 *   changed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/output/html.h"

#define SHOWN "\xef\xbf\xbd" /* U+FFFD */

static const struct {
	const char *text, *expected;
} cases[] = {
	{ "plain text\n\twith a tab", "plain text\n\twith a tab" },
	{ "<script>'a' && \"b\"</script>",
	  "&lt;script&gt;&#39;a&#39; &amp;&amp; &quot;b&quot;&lt;/script&gt;" },
	{ "gr\xc3\xbc\xc3\x9f \xe2\x86\x92 \xf0\x9f\x90\xa7",
	  "gr\xc3\xbc\xc3\x9f \xe2\x86\x92 \xf0\x9f\x90\xa7" },
	{ "\xff\xfe", SHOWN SHOWN },
	{ "cut \xe2\x86", "cut " SHOWN SHOWN },
	{ "cut \xc3<b>", "cut " SHOWN "&lt;b&gt;" },
	{ "\xc0\xbc overlong <", SHOWN SHOWN " overlong &lt;" },
	{ "\xe0\x80\xbc", SHOWN SHOWN SHOWN },
	{ "\xed\xa0\x80", SHOWN SHOWN SHOWN },
	{ "\xf4\x90\x80\x80", SHOWN SHOWN SHOWN SHOWN },
	{ "\x1b[31m\r\x7f", SHOWN "[31m" SHOWN SHOWN },
	{ "/*\xe2\x80\xae*/ \xe2\x81\xa6x", "/*" SHOWN "*/ " SHOWN "x" },
};

static void test_text(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		html_text(out, cases[i].text);
		fclose(out);
		assert_string_equal(text, cases[i].expected);
		free(text);
	}
}

static void test_printf(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	html_printf(out, "<a href=\"#%i\">%s</a> %d %u %zu %lld %%", "a b/\"c\".h:1", "<x>", -1, 2u,
		    (size_t)3, -4LL);
	html_printf(out, "[%s]", NULL);
	fclose(out);
	assert_string_equal(text, "<a href=\"#a_b/_c_.h_1\">&lt;x&gt;</a> -1 2 3 -4 %[]");
	free(text);
}

static void name_cell(FILE *out, const json_t *row, void *arg)
{
	html_printf(out, "%s", row_string(row, "name"));
}

static void test_table(void **state)
{
	static const struct html_column columns[] = { { "<Name>", NULL, name_cell } };
	json_t *rows = json_pack("[{s:s}]", "name", "<b>"), *none = json_array();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	html_table(out, "Empty", columns, 1, none, NULL);
	html_table(out, "Full", columns, 1, rows, NULL);
	fclose(out);
	assert_null(strstr(text, "Empty"));
	assert_non_null(strstr(text, "&lt;Name&gt;"));
	assert_non_null(strstr(text, ">&lt;b&gt;"));
	free(text);
	json_decref(none);
	json_decref(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_printf),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
