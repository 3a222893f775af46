// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pieces of C as the kernel has them: attributes, macros, comments, conditions, init functions and helpers.
 * Prevents: a function that is cut out or copied with too many or too few lines; code that runs later and is taken for
 *   init code; a name that two parts of a diff share, and nobody sees it.
 * Fails if: a function isn't found, ends elsewhere, or is sure though conditions divide its braces; a function counts
 *   as init code though something else mentions it; a name is missing, or counts as something else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kpatch-build/source/c-functions.h"
#include "kpatch-build/source/c-words.h"
#include "kpatch-build/source/init-code.h"
#include "lib/array.h"

/* @found: the text of f; NULL: there is none that can be relied on */
static const struct {
	const char *text, *found;
} places[] = {
	{ "int f(void)\n{\n\treturn 0;\n}\n", "int f(void)\n{\n\treturn 0;\n}\n" },
	{ "int a;\n/* f() { */\nstatic int\nf(int (*g)(void))\n{\n}\nint b;\n",
	  "static int\nf(int (*g)(void))\n{\n}\n" },
	{ "struct s { int f; };\nvoid f(void)\n{\n\tif (1) {\n\t}\n}\n",
	  "void f(void)\n{\n\tif (1) {\n\t}\n}\n" },
	{ "static inline int f(void) { return '{'; }\nint x;\n",
	  "static inline int f(void) { return '{'; }\n" },
	{ "__printf(1, 2) int f(char *x, ...)\n{\n\tg(\"}\\\"}\");\n}\n",
	  "__printf(1, 2) int f(char *x, ...)\n{\n\tg(\"}\\\"}\");\n}\n" },
	{ "void f(void) __acquires(x)\n{\n}\n", "void f(void) __acquires(x)\n{\n}\n" },
	{ "#define f(x) { \\\n\t}\nstruct s f = { g(1) };\nint f(void);\n", NULL },
	{ "#if A\nint f(void)\n{\n}\n#else\nint f(void)\n{\n}\n#endif\n", NULL },
	{ "int f(void)\n{\n#if A\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t}\n}\nint x;\n", NULL },
	{ "#define A 1 /* {\n\t* it isn't } */\nint f(void)\n{\n}\n", "int f(void)\n{\n}\n" },
	{ "void f(void)\n{\n\tint x = 1; // }\n}\n", "void f(void)\n{\n\tint x = 1; // }\n}\n" },
};

static void test_place(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct c_function *f;
		struct c_functions functions;

		assert_int_equal(c_functions_read(places[i].text, &functions), 0);
		f = c_function_find(&functions, "f");
		if (!f != !places[i].found)
			fail_msg("row %zu: %s", i, f ? "found" : "not found");
		if (f && (f->end - f->start != strlen(places[i].found) ||
			  strncmp(places[i].text + f->start, places[i].found, f->end - f->start)))
			fail_msg("row %zu: %.*s", i, (int)(f->end - f->start),
				 places[i].text + f->start);
		c_functions_free(&functions);
	}
}

static void test_branches(void **state)
{
	static const char text[] = "void a(void)\n{\n}\n#if A\nvoid b(void)\n{\n}\n#if B\n#endif\n"
				   "void c(void)\n{\n}\n#else\nvoid b(void)\n{\n}\n#endif\n"
				   "void d(void)\n{\n}\n";
	struct c_functions functions;
	const struct c_function *a, *c, *d, *b;

	assert_int_equal(c_functions_read(text, &functions), 0);
	a = c_function_find(&functions, "a");
	c = c_function_find(&functions, "c");
	d = c_function_find(&functions, "d");
	assert_non_null(a && c && d ? a : NULL);
	assert_null(c_function_find(&functions, "b"));
	b = c_function_called(&functions, c, "b");
	assert_ptr_equal(b, &functions.list[1]);
	assert_null(c_function_called(&functions, a, "b"));
	assert_null(c_function_called(&functions, d, "b"));
	assert_ptr_equal(c_function_called(&functions, a, "c"), c);
	c_functions_free(&functions);
}

#define F "static void f(void)\n{\n}\n"
#define G(body) "void g(void)\n{\n\t" body ";\n}\n"

static const struct {
	const char *text;
	bool is; /* f is init code */
} inits[] = {
	{ "void __init f(void)\n{\n}\n", true },
	{ "static void __net_init f(void)\n{\n}\n", false },
	{ F, false },
	{ F "void __init g(void)\n{\n\tf();\n}\n", true },
	{ "static void f(void);\n" F "static void __exit g(void)\n{\n\tf();\n}\n", true },
	{ "void f(void)\n{\n}\nvoid __init g(void)\n{\n\tf();\n}\n", false },
	{ F G("f()"), false },
	{ F "void __init h(void)\n{\n\tf();\n}\n" G("f()"), false },
	{ F "module_init(f);\n", true },
	{ F "late_initcall( f );\n", true },
	{ F "my_module_init(f);\n", false },
	{ F "module_init(f);\nvoid (*p)(void) = f;\n", false },
	{ F "static void h(void)\n{\n\tf();\n}\nmodule_exit(h);\n", true },
	{ F "/* f */ char *s = \"f\";\nmodule_exit(f);\n", true },
	{ F "#define CALL f()\nmodule_exit(f);\n", false },
	{ F "static void h(void)\n{\n\tf();\n\th();\n}\n", false },
};

static void test_init_code(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		struct c_functions functions;
		const struct c_function *f;

		assert_int_equal(c_functions_read(inits[i].text, &functions), 0);
		f = c_function_find(&functions, "f");
		assert_non_null(f);
		if (is_init_code(&functions, f) != inits[i].is)
			fail_msg("row %zu", i);
		c_functions_free(&functions);
	}
}

/* The names of @text; @locals are declared in @function. */
static const struct {
	const char *text, *function, *all, *state;
} names[] = {
	{ "x = a->m + f(b.n);", "", "x a m f b n", "x a m b n" },
	{ "if (ret < 0) return -ENOMEM;", "int ret;", "ENOMEM", "" },
	{ "x->ret = ret;", "int ret, x;", "ret", "ret" },
	{ "struct foo *y = &z;", "struct foo *y = &z;", "foo z", "z" },
	{ "p = q;", "int f(char *p, struct s *q)\n{\n}\n", "", "" },
	{ "a = b + c + d;", "{ int a = g(1, 2), *b, c[3]; return d; }", "d", "d" },
	{ "puts(\"x y\"); t = 0x1f + 'c';", "", "puts t", "t" },
	{ "a = (struct net *)net;", "{ x = (struct net *)net; }", "a net", "a net" },
};

static void expect_names(size_t row, const struct strvec *found, const char *wanted)
{
	char text[256] = "";

	for (size_t i = 0; i < found->n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, found->list[i]);
	}
	if (strcmp(text, wanted))
		fail_msg("row %zu: '%s', not '%s'", row, text, wanted);
}

static void test_names(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text = names[i].text, *function = names[i].function;
		struct strvec locals = { 0 };
		struct c_words words = { 0 };

		assert_int_equal(c_locals_add(&locals, function, function + strlen(function)), 0);
		assert_int_equal(c_words_add(&words, text, text + strlen(text), &locals), 0);
		expect_names(i, &words.all, names[i].all);
		expect_names(i, &words.state, names[i].state);
		c_words_free(&words);
		strvec_free(&locals);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_init_code),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
