// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pairs of small headers, and declarations of each kind next to similar ones.
 * Prevents: a unit with old inlined code that isn't compiled because its header was misread.
 * Fails if: a change is attributed to a wrong name, or a change that no code sees counts as one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kpatch-build/units/header-changes.h"
#include "lib/array.h"

#define GUARD(text) "#ifndef H\n#define H\n" text "#endif\n"

/* The names that are touched, "?" for a part that isn't understood. */
static const struct {
	const char *what, *old, *new, *touched;
} pairs[] = {
	{ "a comment", "int f(int a);\n", "/* why */\nint f(int a); // not\n", "" },
	{ "blanks in a string", "#define A \"a  b\"\n", "#define A \"a b\"\n", "A A " },
	{ "blanks in a string of a function", "static inline void f(void) { g(\"a \tb\"); }\n",
	  "static inline void f(void) { g(\"a b\"); }\n", "f f " },
	{ "a blank in what may become a string", "#define A s(a+b)\n", "#define A s(a + b)\n",
	  "A A " },
	{ "a blank in a character", "#define A ' '\n", "#define A '\t'\n", "A A " },
	{ "a comment after a macro", "#define A 1\n", "#define A 1 /* one */\n", "" },
	{ "blanks", "#define A 1\nint f(int a);\n", "#define  A\t1\n\nint\nf(int a);\n", "" },
	{ "a blank that makes arguments a value", "#define A(x) 1\n", "#define A (x) 1\n", "A A " },
	{ "a comment that ends later", "/* a */ int f(int a); /* b */\n",
	  "/* a int f(int a); b */\n", "f " },
	{ "what looks like a comment, in a string", "#define A \"/*\" 1\n", "#define A \"/*\" 2\n",
	  "A A " },
	{ "a continued line", "#define A \\\n 1\n", "#define A \\\n 2\n", "A A " },
	{ "an annotation", "struct s { struct t *p; };\n", "struct s { struct t __rcu *p; };\n",
	  "" },
	{ "an annotation that may be more", "struct s { struct t *p; };\n",
	  "struct s { struct t __percpu *p; };\n", "s s " },
	{ "an annotation in a macro", "#define A x\n", "#define A __user x\n", "A A " },
	{ "a macro", GUARD(""), GUARD("#define A 1\n"), "A " },
	{ "a macro that ends", GUARD(""), GUARD("#undef A\n"), "A " },
	{ "a macro in branches", GUARD(""),
	  GUARD("#if X\n# define A 1\n#else\n# define A\n#endif\n"), "A A " },
	{ "a condition", "#define A 1\n", "#ifdef X\n#define A 1\n#endif\n", "A A " },
	{ "the other branch", "#ifdef X\n#define A 1\n#else\n#endif\n",
	  "#ifdef X\n#else\n#define A 1\n#endif\n", "A A " },
	{ "another condition", "#ifdef X\nint f(void);\n#endif\n",
	  "#ifdef Y\nint f(void);\n#endif\n", "f f " },
	{ "a macro that moves past another", "#define A 1\n#define B 1\n",
	  "#define B 1\n#define A 1\n", "A A " },
	{ "a prototype", "", "extern struct s *f(struct s *a, int (*b)(int));\n", "f " },
	{ "one with attributes", "", "int __must_check f(int a) __printf(1, 2);\n", "f " },
	{ "one without a type: a macro", "", "DECLARE_F(a);\n", "?" },
	{ "the same in small letters", "", "declare(a);\n", "?" },
	{ "a type that may be a macro", "", "static DEFINE f(int a);\n", "?" },
	{ "an unknown attribute", "", "__odd int f(int a);\n", "?" },
	{ "an unknown attribute at the end", "", "int f(int a) __odd;\n", "?" },
	{ "two in one", "", "int f(int a), g(int a);\n", "?" },
	{ "a type", "", "typedef int f(int a);\n", "?" },
	{ "a pointer", "", "extern int (*f)(int a);\n", "?" },
	{ "an inline function", "", "static inline int f(int a)\n{\n\treturn a ? '}' : g(a);\n}\n",
	  "f " },
	{ "one with a condition in it", "",
	  "static __always_inline void f(void)\n{\n#ifdef X\n\tg();\n#endif\n}\n", "f " },
	{ "one with a macro in it", "", "static inline void f(void)\n{\n#define G 1\n}\n", "?" },
	{ "one that isn't inline", "", "static int f(int a) { return a; }\n", "?" },
	{ "one that isn't static", "", "inline int f(int a) { return a; }\n", "?" },
	{ "one that is kept", "", "static inline __used int f(int a) { return a; }\n", "?" },
	{ "one that is exported in it", "",
	  "static inline int f(int a) { __ADDRESSABLE(x); return a; }\n", "?" },
	{ "its body", "static inline int f(int a) { return a; }\nint g(int a);\n",
	  "static inline int f(int a) { return -a; }\nint g(int a);\n", "f f " },
	{ "a variable", "", "extern struct mutex v;\nextern const char *const w[3];\n", "v w " },
	{ "one that isn't extern", "", "struct mutex v;\n", "?" },
	{ "two variables", "", "extern int v, w;\n", "?" },
	{ "an attribute for a name", "", "extern int v __odd;\n", "?" },
	{ "a structure", "", "struct s { int a; union { int b; }; struct t *c; } __packed;\n",
	  "s " },
	{ "a member", "struct s { int a; };\n", "struct s { int a; int b; };\n", "s s " },
	{ "a structure with an enum", "", "struct s { enum { A, B } a; };\n", "?" },
	{ "with another structure", "", "struct s { struct t { int a; } b; };\n", "?" },
	{ "with a variable", "", "struct s { int a; } v;\n", "?" },
	{ "with a group that may have a name", "",
	  "struct s { struct_group_tagged(t, m, int a;); };\n", "?" },
	{ "the same without a suffix", "",
	  "struct s { __struct_group(t, m, /* none */, int a;); };\n", "?" },
	{ "a group without a name of its own", "",
	  "struct s { struct_group(m, int a; int b;); };\n", "s " },
	{ "a group with a structure in it", "",
	  "struct s { struct_group(m, struct t { int a; } b;); };\n", "?" },
	{ "a member by a known macro", "", "struct s { DECLARE_BITMAP(a, 7); int b; };\n", "s " },
	{ "a member by a macro", "", "struct s { FIELDS(a) int b; };\n", "?" },
	{ "one without arguments", "", "struct s { int b; FIELDS };\n", "?" },
	{ "the same in small letters", "", "struct s { int b; fields };\n", "?" },
	{ "a macro after a member", "", "struct s { int b MORE; };\n", "?" },
	{ "a macro in front of a member", "", "struct s { MORE int b; };\n", "?" },
	{ "members of each kind", "",
	  "struct s { unsigned long a : 3, : 4; const char *const b[2]; u8 c;\n"
	  "\tint (*f)(int a, struct t *b); union { struct t t; __be32 d; } u __packed;\n"
	  "#ifdef X\n\tstruct list_head e, *g;\n#endif\n\tint h[];\n} __aligned(8);\n",
	  "s " },
	{ "a member in another condition", "struct s {\n#ifdef X\nint a;\n#endif\n};\n",
	  "struct s {\n#ifdef Y\nint a;\n#endif\n};\n", "s s " },
	{ "one that is only named", "", "struct s;\n", "" },
	{ "an enum", "", "enum e { A };\n", "?" },
	{ "an include", "", "#include <linux/a.h>\n", "?" },
	{ "an include in a condition", "#include \"a.h\"\n", "#ifdef X\n#include \"a.h\"\n#endif\n",
	  "?" },
	{ "a pragma", "", "#pragma pack(1)\n", "?" },
	{ "a macro call without an end", "int f(int a);\n", "ODD(a)\nint f(int a);\n", "f ?" },
	{ "an event", "TRACE_EVENT(a, b);\n", "TRACE_EVENT(a, c);\n", "?" },
};

static int note(const struct header_part *part, enum header_side side, void *arg)
{
	strcat(strcat(arg, part->name), " ");
	return 0;
}

static void changes_are_told_by_name(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct header_parts old, new;
		char touched[256] = "";
		bool unknown;

		assert_int_equal(header_parts_read(pairs[i].old, &old), 0);
		assert_int_equal(header_parts_read(pairs[i].new, &new), 0);
		assert_int_equal(header_changes(&old, &new, note, touched, &unknown), 0);
		if (unknown)
			strcat(touched, "?");
		if (strcmp(touched, pairs[i].touched))
			fail_msg("%s: '%s', not '%s'", pairs[i].what, touched, pairs[i].touched);
		header_parts_free(&old);
		header_parts_free(&new);
	}
}

static void what_has_no_end_is_not_divided(void **state)
{
	static const char *const texts[] = {
		"static inline void f(void) {\n",
		"#ifdef X\n",
		"#endif\n",
		"#else\n",
		"#define A 1 \\ \n+ 2\n",
		"#ifdef X\nstatic inline void f(int a) {\n#else\nstatic inline void f(void) {\n#endif\n}\n",
	};
	struct header_parts parts;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_not_equal(header_parts_read(texts[i], &parts), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_told_by_name),
		cmocka_unit_test(what_has_no_end_is_not_divided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
