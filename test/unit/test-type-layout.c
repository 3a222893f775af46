// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pairs of small units, compiled as the kernel is, with debug information.
 * Prevents: new code that reads or writes past data that the running kernel has made.
 * Fails if: a change of a layout passes, or what is none is refused.
 */
#include "fixture.h"
#include "type-layout.h"

/* What @text says in the report; NULL: the layouts agree. */
static const struct {
	const char *what, *original, *patched, *says;
} pairs[] = {
	{ "nothing changed", "struct s { int a; char *b; } x;", "struct s { int a; char *b; } x;", NULL },
	{ "a member added at the end", "struct s { int a; } x;", "struct s { int a, b; } x;",
	  "struct s, at b" },
	{ "a member added in a hole", "struct s { char a; long b; } x;",
	  "struct s { char a, c; long b; } x;", "nothing else moves" },
	{ "a member removed", "struct s { long a, b; } x;", "struct s { long a; } x;", "struct s, at b" },
	{ "members exchanged", "struct s { int a; char b; } x;", "struct s { char b; int a; } x;",
	  "struct s" },
	{ "a member widened", "struct s { int a; long b; } x;", "struct s { long a, b; } x;",
	  "struct s, at a" },
	{ "an array longer", "struct s { char a[8]; } x;", "struct s { char a[9]; } x;", "struct s, at a" },
	{ "aligned", "struct s { int a; } x;", "struct s { int a; } __attribute__((aligned(64))) x;",
	  "struct s" },
	{ "a member moved, all sizes the same", "struct s { char a, b; long c; } x;",
	  "struct s { char a, b __attribute__((aligned(4))); long c; } x;", "struct s, at b" },
	{ "a bit field wider", "struct s { int a : 3, b : 2; } x;", "struct s { int a : 4, b : 2; } x;",
	  "struct s, at a" },
	{ "a bit field added", "struct s { int a : 3; } x;", "struct s { int a : 3, b : 1; } x;",
	  "struct s, at b" },
	{ "another structure inside", "struct i { int a; }; struct j { int a; }; struct s { struct i i; } x;"
	  " struct j y;", "struct i { int a; }; struct j { int a; }; struct s { struct j i; } x;"
	  " struct i y;", "struct s, at i" },
	{ "an inner structure without a name", "struct s { struct { int a; } i; int b; } x;",
	  "struct s { struct { int a, c; } i; int b; } x;", "struct s, at i" },
	{ "a member of a union inside", "struct s { union { int a; long b; }; } x;",
	  "struct s { union { int a; char b[8]; }; } x;", "struct s, at b" },
	{ "a union larger", "union u { int a; } x;", "union u { int a; long b; } x;", "union u, at b" },
	{ "a typedef's structure", "typedef struct { int a; } t; t x;", "typedef struct { long a; } t; t x;",
	  "struct t, at a" },
	{ "an enumerator moved", "enum e { A, B } x;", "enum e { A, N, B } x;", "enum e, at B" },
	{ "a structure of one function",
	  "int f(int a) { struct s { int a; } x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }",
	  "int f(int a) { struct s { long a; } x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }",
	  "struct s in f(), at a" },
	{ "a new type", "int x;", "struct s { int a; } y; int x;", NULL },
	{ "a new name", "struct s { int a; } x;", "struct s { int b; } x;", NULL },
	{ "signed, now not", "struct s { int a; } x;", "struct s { unsigned int a; } x;", NULL },
	{ "a pointer to something else", "struct s { char *a; int (*f)(void); } x;",
	  "struct s { void *a; long (*f)(int); } x;", NULL },
	{ "an enumerator added", "enum e { A, B } x;", "enum e { A, B, C } x;", NULL },
	{ "const", "struct s { int a; } x;", "struct s { const int a; } x;", NULL },
	{ "a flexible array", "struct s { int n; char a[]; } *x; int f(void) { return x->n; }",
	  "struct s { int n; char a[]; } *x; int f(void) { return x->n; }", NULL },
	{ "a type that refers to itself", "struct s { struct s *next; struct { struct s *p; } q; } x;",
	  "struct s { struct s *next; struct { struct s *p; } q; } x;", NULL },
};

static bool is_handled(const char *type, void *arg)
{
	return arg && !strcmp(type, arg);
}

static void changed_layouts_are_found(void **state)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct diag *diag = diag_new("test");
		struct type_layouts *original, *patched;
		char *said = NULL;
		size_t size;
		FILE *out;

		compile("original", pairs[i].original);
		compile("patched", pairs[i].patched);
		original = type_layouts_read("original.o", diag);
		patched = type_layouts_read("patched.o", diag);
		assert_non_null(original);
		assert_non_null(patched);
		type_layouts_compare(original, patched, LAYOUT_ALL, is_handled, NULL, NULL, diag);
		out = open_memstream(&said, &size);
		diag_print(diag, out);
		fclose(out);
		if (!pairs[i].says && *said)
			fail_msg("%s: %s", pairs[i].what, said);
		if (pairs[i].says && (!diag_has(diag, "KS350") || !strstr(said, pairs[i].says)))
			fail_msg("%s: '%s' isn't in '%s'", pairs[i].what, pairs[i].says, said);
		free(said);
		type_layouts_free(original);
		type_layouts_free(patched);
		diag_free(diag);
	}
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
		err = type_layouts_compare(original, patched, LAYOUT_ALL, is_handled, NULL, handled[i], diag);
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
		{ "types.h", LAYOUT_OF_HEADERS, 1 }, { "unit.c", LAYOUT_OF_HEADERS, 0 },
		{ "types.h", LAYOUT_ALL, 1 }, { "unit.c", LAYOUT_ALL, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct diag *diag = diag_new("test");
		struct type_layouts *original, *patched;
		char source[100];

		snprintf(source, sizeof(source), "#line 1 \"%s\"\nstruct s { int a; } x;", cases[i].file);
		compile("original", source);
		snprintf(source, sizeof(source), "#line 1 \"%s\"\nstruct s { int a, b; } x;", cases[i].file);
		compile("patched", source);
		original = type_layouts_read("original.o", diag);
		patched = type_layouts_read("patched.o", diag);
		assert_int_equal(!!type_layouts_compare(original, patched, cases[i].scope, is_handled, NULL, NULL,
							diag), cases[i].refused);
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
		cmocka_unit_test(changed_layouts_are_found),
		cmocka_unit_test(the_author_can_answer_for_a_type),
		cmocka_unit_test(types_of_headers_are_told_apart),
		cmocka_unit_test(files_without_debug_information_are_refused),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
