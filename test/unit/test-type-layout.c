// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pairs of small units, compiled as the kernel is, with debug information.
 * Prevents: new code that reads or writes past data that the running kernel has made.
 * Fails if: a change of a layout is accepted, or something that isn't one is refused.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/check/type-mentions.h"
#include "test/unit/type-changes.h"
#include "lib/type-layout.h"
#include "lib/text.h"
#include "lib/temporary.h"

static bool is_handled(const char *type, void *arg)
{
	return arg && !strcmp(type, arg);
}

static bool is_only_declared(const char *type, const char *file, void *arg)
{
	return true;
}

/* Both are one file, as in the kernel's tree. */
static void compile_unit(const char *name, const char *text)
{
	char *source = format("#line 1 \"unit.c\"\n%s", text);

	compile(name, source);
	free(source);
}

/* What is said of the change, as text; free(). */
static char *compare(const struct change *change, size_t *problems, bool *has)
{
	struct layout_rules rules = { .handled = is_handled, .only_declared = is_only_declared };
	struct diag *diag = diag_new("test");
	struct type_layouts *original, *patched;
	char *said = NULL;
	size_t size;
	FILE *out;
	int err;

	compile_unit("original", change->original);
	compile_unit("patched", change->patched);
	original = type_layouts_read("original.o", diag);
	patched = type_layouts_read("patched.o", diag);
	assert_non_null(original);
	assert_non_null(patched);
	err = type_layouts_compare(original, patched, &rules, diag);
	assert_int_equal(err, diag_errors(diag) ? -EINVAL : 0);
	out = open_memstream(&said, &size);
	diag_print(diag, out);
	fclose(out);
	*has = change->code && diag_has(diag, change->code);
	*problems = diag_errors(diag) + diag_warnings(diag);
	for (const char *code = said; (code = strstr(code, "KS3")); code++)
		*has = *has && !strncmp(code, change->code, 5);
	type_layouts_free(original);
	type_layouts_free(patched);
	diag_free(diag);
	return said;
}

static void changes_are_found(void **state)
{
	size_t failed = 0;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t i = 0; i < kinds[k].n; i++) {
			const struct change *change = &kinds[k].list[i];
			size_t problems;
			bool has;
			char *said = compare(change, &problems, &has);

			if (change->code ? !has || !strstr(said, change->says) : problems) {
				print_error("%s: %s: expected %s '%s', not '%s'\n", kinds[k].what,
					    change->what, change->code ?: "nothing",
					    change->says ?: "", said);
				failed++;
			}
			free(said);
		}
	assert_int_equal(failed, 0);
}

/* The source may cast where debug information shows no pointer. */
static void casts_are_no_declarations(void **state)
{
	static const struct {
		const char *text;
		bool only;
	} texts[] = {
		{ "struct s { int a; };\nint f(void) { struct s x, y; const struct\n  s z = {}; }",
		  true },
		{ "struct s { int a; }; struct so { int a; } *q; xstruct s *p; struct other;",
		  true },
		{ "struct s { int a; }; int f(void *p) { struct s x = *(struct s *)p; }", false },
		{ "struct s { int a; }; int f(void) { struct s x; kmalloc(sizeof(struct s)); }",
		  false },
		{ "struct s { int a; }; x = container_of(p, struct s, a);", false },
		{ "struct s x; struct s;", false },
		{ "int f(struct\ts *x);", false },
		{ "#define S(p) ((struct \\\n\ts *)(p))\nstruct s { int a; };", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (type_is_only_declared(texts[i].text, "struct s") != texts[i].only)
			fail_msg("'%s'", texts[i].text);
}

/* A type of a file that no diff changes is what it was: another local isn't a renamed type. */
static bool no_file_changes(const char *file, void *arg)
{
	return false;
}

static void types_of_other_files_are_not_renamed(void **state)
{
	struct layout_rules rules = { .changes = no_file_changes };
	struct diag *diag = diag_new("test");
	struct type_layouts *original, *patched;

	compile("original",
		"struct a { int i; }; int f(void **v) { struct a *p = *v; return p->i; }");
	compile("patched",
		"struct b { long i; }; int f(void **v) { struct b *p = *v; return p->i; }");
	original = type_layouts_read("original.o", diag);
	patched = type_layouts_read("patched.o", diag);
	assert_int_equal(type_layouts_compare(original, patched, &rules, diag), 0);
	assert_no_problems(diag);
	type_layouts_free(original);
	type_layouts_free(patched);
	diag_free(diag);
}

static void the_author_can_answer_for_a_type(void **state)
{
	static char handled[][12] = { "struct s", "struct t" };

	for (size_t i = 0; i < 2; i++) {
		struct diag *diag = diag_new("test");
		struct type_layouts *original, *patched;
		int err;

		compile("original", "struct s { int a; } x;");
		compile("patched", "struct s { int a, b; } x;");
		original = type_layouts_read("original.o", diag);
		patched = type_layouts_read("patched.o", diag);
		assert_non_null(original);
		assert_non_null(patched);
		err = type_layouts_compare(
			original, patched,
			&(struct layout_rules){ .handled = is_handled, .arg = handled[i] }, diag);
		assert_int_equal(!!err, i);
		assert_int_equal(diag_has(diag, "KS126"), !i);
		type_layouts_free(original);
		type_layouts_free(patched);
		diag_free(diag);
	}
}

/* In a unit of which nothing is replaced, only types count that other units know as well. */
static void types_of_headers_are_told_apart(void **state)
{
	static const struct {
		const char *file;
		enum layout_scope scope;
		int refused;
	} cases[] = {
		{ "types.h", LAYOUT_OF_HEADERS, 1 },
		{ "unit.c", LAYOUT_OF_HEADERS, 0 },
		{ "types.h", LAYOUT_ALL, 1 },
		{ "unit.c", LAYOUT_ALL, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("test");
		struct type_layouts *original, *patched;
		char source[100];

		snprintf(source, sizeof(source), "#line 1 \"%s\"\nstruct s { int a; } x;",
			 cases[i].file);
		compile("original", source);
		snprintf(source, sizeof(source), "#line 1 \"%s\"\nstruct s { int a, b; } x;",
			 cases[i].file);
		compile("patched", source);
		original = type_layouts_read("original.o", diag);
		patched = type_layouts_read("patched.o", diag);
		assert_int_equal(!!type_layouts_compare(
					 original, patched,
					 &(struct layout_rules){ .scope = cases[i].scope }, diag),
				 cases[i].refused);
		type_layouts_free(original);
		type_layouts_free(patched);
		diag_free(diag);
	}
}

static void files_without_debug_information_are_refused(void **state)
{
	struct diag *diag = diag_new("test");

	compile("plain", "int x;");
	RUN("strip", "--strip-debug", "plain.o");
	assert_null(type_layouts_read("plain.o", diag));
	assert_true(diag_has(diag, "KS311"));
	assert_null(type_layouts_read("absent.o", diag));
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_found),
		cmocka_unit_test(casts_are_no_declarations),
		cmocka_unit_test(types_of_other_files_are_not_renamed),
		cmocka_unit_test(the_author_can_answer_for_a_type),
		cmocka_unit_test(types_of_headers_are_told_apart),
		cmocka_unit_test(files_without_debug_information_are_refused),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
