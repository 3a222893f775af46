// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: problems of all kinds, with and without place, details, and reasons.
 * Prevents: a problem that is lost on its way to the user or to another tool, and a table of codes
 *   with a gap.
 * Fails if: a problem is not counted, printed, moved or read back, or a row of the table lacks a
 *   text.
 */
#include <errno.h>
#include <regex.h>

#include "lib/array.h"
#include "lib/diag-fold.h"
#include "lib/diag-json.h"
#include "test/unit/fixture.h"

static char *print(const struct diag *diag)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	diag_print(diag, out);
	fclose(out);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static struct diag *sample(void)
{
	struct diag_place place = { .file = "fs/x.c", .line = 12, .function = "f" };
	struct diag *diag = diag_new("tool");

	diag_warning(diag, "KS921", NULL, "late");
	assert_int_equal(diag_error(diag, "KS910", &place, "'%s'", "one"), -EINVAL);
	diag_detail(diag, "used by %d", 5);
	diag_detail(diag, "and so on");
	diag_error(diag, "KS910", NULL, "two");
	return diag;
}

static void prints_all_of_it_once(void **state)
{
	struct diag *diag = sample();
	char *text = print(diag), *warning, *error;

	warning = strstr(text, "tool: warning KS921: no symbol table: late\n");
	error = strstr(text,
		       "fs/x.c:12: KS910: not an ELF file: 'one'\n    used by 5\n    and so on\n");
	assert_non_null(warning);
	assert_non_null(error);
	assert_true(warning < error);
	assert_non_null(strstr(text, "tool: KS910: not an ELF file: two\n"));
	/* the reason belongs to the code and is printed once */
	assert_int_equal(count(text, diag_code_lookup("KS910")->why), 1);
	assert_int_equal(count(text, "--explain KS910"), 1);
	assert_int_equal(count(text, "\033"), 0);
	assert_int_equal(diag_errors(diag), 2);
	assert_int_equal(diag_warnings(diag), 1);
	assert_true(diag_has(diag, "KS921"));
	assert_false(diag_has(diag, "KS911"));
	free(text);
	diag_free(diag);
}

static void survives_json(void **state)
{
	struct diag *diag = sample(), *again = diag_new("tool");
	json_t *json = diag_to_json(diag);
	char *before, *after;

	assert_int_equal(json_array_size(json), 3);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json, 1), "severity")),
			    "error");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json, 1), "remedy")),
			    diag_code_lookup("KS910")->remedy);
	assert_int_equal(diag_from_json(again, json), 0);
	before = print(diag);
	after = print(again);
	assert_string_equal(before, after);
	free(before);
	free(after);
	json_decref(json);
	diag_free(diag);
	diag_free(again);
}

static void strange_json_is_refused(void **state)
{
	static const char *const cases[] = {
		"{}",
		"[1]",
		"[{}]",
		"[{\"code\":\"KS999x\",\"severity\":\"error\",\"message\":\"m\"}]",
		"[{\"code\":\"KS910\",\"severity\":\"fatal\",\"message\":\"m\"}]",
		"[{\"code\":\"KS394\",\"severity\":\"error\",\"message\":\"m\"}]",
		"[{\"code\":\"KS910\",\"severity\":\"error\",\"message\":\"m\",\"line\":-1}]",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("tool");
		json_t *json = json_loads(cases[i], 0, NULL);

		assert_non_null(json);
		assert_int_equal(diag_from_json(diag, json), -EINVAL);
		json_decref(json);
		diag_free(diag);
	}
}

/* A path or a name may hold any bytes; JSON may not, and a terminal obeys some. */
static void bytes_that_are_no_text_do_no_harm(void **state)
{
	struct diag_place place = { .file = "caf\xe9.o", .function = "f\x1b[2J" };
	struct diag *diag = diag_new("tool");
	char *text = NULL;
	json_t *json;
	size_t size;
	FILE *out;

	diag_error(diag, "KS910", &place, "caf\xe9");
	diag_error(diag, "KS910", NULL,
		   "\x1b[31mred\x7f \xc2\x9b\xc3\xa9\xe2\x82\xac \xe0\x80\xaf\xed\xa0\x80\xf5");
	diag_detail(diag, "tab\t and \x08");
	json = diag_to_json(diag);
	assert_int_equal(json_array_size(json), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json, 0), "message")),
			    "caf?");
	json_decref(json);
	out = open_memstream(&text, &size);
	diag_print(diag, out);
	fclose(out);
	assert_non_null(strstr(text, "caf?.o"));
	assert_non_null(strstr(text, "?[31mred? ??\xc3\xa9\xe2\x82\xac ???????\n"));
	assert_non_null(strstr(text, "tab\t and ?"));
	assert_null(strchr(text, '\x1b'));
	free(text);
	diag_free(diag);
}

static void problems_can_be_handed_over(void **state)
{
	struct diag *from = sample(), *to = diag_new("other");

	diag_oom(from);
	diag_take(to, from);
	assert_int_equal(diag_errors(from), 0);
	assert_int_equal(diag_warnings(from), 0);
	assert_int_equal(diag_errors(to), 3);
	assert_true(diag_has(to, "KS900"));
	diag_error(from, "KS911", NULL, "still usable");
	assert_int_equal(diag_errors(from), 1);
	diag_free(from);
	diag_free(to);
}

static void memory_and_files(void **state)
{
	struct diag *diag = diag_new("tool");
	char *text;

	assert_int_equal(diag_errno(diag, ENOSPC, "/x/y", "write"), -ENOSPC);
	assert_int_equal(diag_errno(diag, ENOMEM, "/x/y", "read"), -ENOMEM);
	text = print(diag);
	assert_non_null(
		strstr(text, "KS901: a file could not be used: can't write '/x/y': No space left"));
	assert_non_null(strstr(text, "KS900"));
	assert_int_equal(diag_errors(diag), 2);
	free(text);
	diag_free(diag);
}

static void exit_codes_follow_from_classes(void **state)
{
	struct diag *diag = diag_new("tool");

	diag_warning(diag, "KS108", NULL, "a refusal where it is an error");
	diag_warning(diag, "KS394", NULL, "never more than a warning");
	assert_true(diag_has_class(diag, DIAG_REFUSAL));
	assert_false(diag_has_error_of_class(diag, DIAG_REFUSAL));
	assert_false(diag_has_class(diag, DIAG_FAILURE));
	diag_error(diag, "KS104", NULL, "a refusal");
	assert_true(diag_has_error_of_class(diag, DIAG_REFUSAL));
	diag_oom(diag);
	assert_true(diag_has_error_of_class(diag, DIAG_FAILURE));
	diag_free(diag);
}

static bool is_unedited(const struct diag_place *place, void *arg)
{
	return strcmp(place->file, (const char *)arg);
}

/* An init function changes with a type; another one in the diff's own file may be wrong by itself. */
static struct diag *folded(void)
{
	static const struct {
		const char *code, *file;
	} errors[] = {
		{ "KS103", "a.c" }, { "KS105", "b.c" },	   { "KS103", "edited.c" },
		{ "KS110", "c.c" }, { "KS350", "d.h" },	   { "KS103", "b.c" },
		{ "KS110", "e.c" }, { "KS350", "late.h" },
	};
	struct diag *diag = diag_new("tool");
	char edited[] = "edited.c";

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct diag_place place = { .file = errors[i].file, .line = i + 1 };

		diag_error(diag, errors[i].code, &place, "number %zu", i);
		diag_detail(diag, "detail %zu", i);
	}
	diag_warning(diag, "KS108", NULL, "a warning");
	diag_fold(diag, is_unedited, edited);
	return diag;
}

static void a_cause_precedes_what_it_explains(void **state)
{
	static const struct {
		const char *message;
		int cause, n;
	} rows[] = {
		{ "number 4", -1, 3 }, { "number 0", 0, 0 },  { "number 1", 0, 0 },
		{ "number 5", 0, 0 },  { "number 2", -1, 0 }, { "number 3", -1, 0 },
		{ "number 6", -1, 0 }, { "number 7", -1, 0 }, { "a warning", -1, 0 },
	};
	struct diag *diag = folded();
	json_t *json = diag_to_json(diag), *row;
	size_t i;

	assert_int_equal(diag_errors(diag), 8);
	assert_int_equal(diag_count(diag, "KS103"), 3);
	assert_int_equal(json_array_size(json), 9);
	json_array_foreach(json, i, row) {
		json_t *cause = json_object_get(row, "caused_by");

		assert_string_equal(json_string_value(json_object_get(row, "message")),
				    rows[i].message);
		assert_int_equal(cause ? json_integer_value(cause) : -1, rows[i].cause);
		assert_int_equal(json_integer_value(json_object_get(row, "consequences")),
				 rows[i].n);
	}
	json_decref(json);
	diag_error(diag, "KS911", NULL, "still usable");
	assert_int_equal(diag_errors(diag), 9);
	diag_free(diag);
}

/* Each problem is printed, once: those that are explained are indented. */
static void a_cause_lists_what_it_explains(void **state)
{
	struct diag *diag = folded();
	char *text = print(diag), word[20];

	for (size_t i = 0; i < 8; i++) {
		snprintf(word, sizeof(word), "number %zu\n", i);
		assert_int_equal(count(text, word), 1);
		snprintf(word, sizeof(word), "detail %zu\n", i);
		assert_int_equal(count(text, word), 1);
	}
	assert_non_null(strstr(text, "\n    3 more errors that probably follow from it"));
	assert_non_null(strstr(text, "\n      KS103 code or data of initialisation changed (2)\n"
				     "        a.c:1: number 0\n"));
	assert_true(strstr(text, "number 4") < strstr(text, "number 0"));
	assert_true(strstr(text, "number 5") < strstr(text, "number 2"));
	assert_non_null(strstr(text, "\nedited.c:3: KS103: "));
	/* its own reason is printed, although the problem before it was folded */
	assert_int_equal(count(text, diag_code_lookup("KS103")->why), 1);
	free(text);
	diag_free(diag);
}

static void the_table_is_whole(void **state)
{
	const struct diag_code *table;
	regex_t form;
	size_t n;

	assert_int_equal(regcomp(&form, "^KS[12349][0-9][0-9]$", REG_EXTENDED), 0);
	table = diag_code_table(&n);
	assert_true(n > 10);
	for (size_t i = 0; i < n; i++) {
		if (regexec(&form, table[i].code, 0, NULL, 0))
			fail_msg("'%s' is no code", table[i].code);
		if (i && strcmp(table[i - 1].code, table[i].code) >= 0)
			fail_msg("%s stands before %s", table[i - 1].code, table[i].code);
		if (!table[i].what || !table[i].why || !table[i].remedy)
			fail_msg("%s lacks a text", table[i].code);
		if (!table[i].class)
			fail_msg("%s is neither a refusal nor a failure", table[i].code);
		assert_ptr_equal(diag_code_lookup(table[i].code), &table[i]);
	}
	assert_null(diag_code_lookup("KS999"));
	assert_false(diag_explain("KS999", stdout));
	regfree(&form);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_all_of_it_once),
		cmocka_unit_test(survives_json),
		cmocka_unit_test(strange_json_is_refused),
		cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
		cmocka_unit_test(problems_can_be_handed_over),
		cmocka_unit_test(memory_and_files),
		cmocka_unit_test(exit_codes_follow_from_classes),
		cmocka_unit_test(a_cause_precedes_what_it_explains),
		cmocka_unit_test(a_cause_lists_what_it_explains),
		cmocka_unit_test(the_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
