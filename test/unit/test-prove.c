// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: one source compiled as the distribution does, and as we do (sections per function); then sources that
 *   differ in one thing each.
 * Prevents: a livepatch built from a source, a configuration or a compiler that isn't the kernel's; a right one that
 *   is refused because of section flags.
 * Fails if: one of the differences isn't found, or the same source doesn't compare equal.
 */
#include "fixture.h"
#include "kpatch-build/prove.h"

static struct elf_model *unit;
static struct shipped_code *code;
static struct diag *diag;

/* "shipped.o": all functions in one section, linked with another unit, as in a module */
static void ship(const char *source)
{
	write_text("shipped-unit.c", source);
	RUN("gcc", "-O2", "-fno-pic", "-mcmodel=kernel", "-fno-asynchronous-unwind-tables", "-c", "-o",
	    "shipped-unit.o", "shipped-unit.c");
	compile("neighbour", "int before(void) { return 1; } char text[] = \"x\";\n"
			     "const char *string(void) { return \"another\"; }\n");
	RUN("ld", "-r", "-o", "shipped.o", "neighbour.o", "shipped-unit.o");
}

static void load(const char *original)
{
	compile("original", original);
	diag = diag_new("test");
	assert_int_equal(elf_model_load("original.o", &unit, diag), 0);
	assert_int_equal(shipped_code_load("shipped.o", "shipped", &code, diag), 0);
}

static void unload(void)
{
	assert_no_problems(diag);
	elf_model_free(unit);
	shipped_code_free(code);
	diag_free(diag);
}

static enum prove_verdict prove(const char *name)
{
	const struct elf_symbol *symbol = elf_symbol_find(unit, name);
	const struct object_symbol *found;
	struct prove_result result;
	enum prove_verdict verdict;
	size_t n;

	assert_non_null(symbol);
	found = object_index_find(shipped_code_index(code), name, &n);
	assert_true(n > 0);
	verdict = prove_function(unit, symbol, code, found, &result);
	prove_result_free(&result);
	return verdict;
}

static void the_same_source_is_equal(void **state)
{
	static const char source[] =
		"extern int other(int, const char *); static int counter; static const int table[] = { 3, 1, 2 };\n"
		"__attribute__((noinline)) static int helper(int a) { counter += a; return other(a, \"helped\"); }\n"
		"int sibling(int a) { return helper(a + 1); }\n" /* jmp rel8, and rel32 with sections */
		"int loop(int n) { int s = 0; for (int i = 0; i < n; i++) { if (i & 4) s += helper(i);\n"
		"	else s ^= table[i % 3]; } return s; }\n"
		"int beyond(int i) { return (&table[0])[i - 100]; }\n" /* an address before the variable */
		"__attribute__((cold)) void rare(int); int split(int a) { if (__builtin_expect(a > 5, 0)) {\n"
		"	rare(a); a += other(a, \"rare\"); } return a; }\n";

	ship(source);
	load(source);
	assert_int_equal(prove("helper"), PROVE_EQUAL);
	assert_int_equal(prove("sibling"), PROVE_EQUAL);
	assert_int_equal(prove("loop"), PROVE_EQUAL);
	assert_int_equal(prove("beyond"), PROVE_EQUAL);
	assert_int_equal(prove("split"), PROVE_EQUAL);
	unload();
}

static void each_difference_is_found(void **state)
{
	static const struct {
		const char *what, *shipped, *original;
	} cases[] = {
		{ "constant", "int f(int a) { return a + 7; }", "int f(int a) { return a + 8; }" },
		{ "register", "int f(int a, int b) { return a; }", "int f(int a, int b) { return b; }" },
		{ "callee", "int g(void), h(void); int f(void) { return g() + 1; }",
		  "int g(void), h(void); int f(void) { return h() + 1; }" },
		{ "sibling", "__attribute__((noinline)) static int g(int a) { return a * 3; }\n"
			     "__attribute__((noinline)) static int h(int a) { return a * 5; }\n"
			     "int k(int a) { return g(h(a)); } int f(int a) { return g(a); }",
		  "__attribute__((noinline)) static int g(int a) { return a * 3; }\n"
		  "__attribute__((noinline)) static int h(int a) { return a * 5; }\n"
		  "int k(int a) { return g(h(a)); } int f(int a) { return h(a); }" },
		{ "string", "const char *f(void) { return \"one\"; }", "const char *f(void) { return \"two\"; }" },
		{ "longer string", "const char *f(void) { return \"one\"; }",
		  "const char *f(void) { return \"one and more\"; }" },
		{ "variable", "int a, b; int f(void) { return a; }", "int a, b; int f(void) { return b; }" },
		{ "offset", "int a[4]; int f(void) { return a[1]; }", "int a[4]; int f(void) { return a[2]; }" },
		{ "end", "int f(int a) { return a; }", "void f(int a) { }" },
		{ "external", "extern int a; int f(void) { return a; }", "int a; int f(void) { return a; }" },
		{ "branch", "asm(\".text; .globl f; .type f,@function; f: je 1f; nop; inc %eax; 1: inc %eax; 2: ret;"
			    " .size f,.-f\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: je 2f; nop; inc %eax; 1: inc"
		  " %eax; 2: ret; .size f,.-f\");" },
		{ "condition", "asm(\".text; .globl f; .type f,@function; f: je 1f; inc %eax; 1: ret; .size f,.-f\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: jne 1f; inc %eax; 1: ret;"
		  " .size f,.-f\");" },
		{ "code elsewhere", "asm(\".text; .globl f; .type f,@function; f: jmp 1f; 2: ret; .size f,.-f;"
				    " .section .aux,\\\"ax\\\"; 1: test $1,%al; jmp 2b\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: jmp 1f; 2: ret; .size f,.-f;"
		  " .section .aux,\\\"ax\\\"; 1: test $2,%al; jmp 2b\");" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ship(cases[i].shipped);
		load(cases[i].shipped);
		if (prove("f") != PROVE_EQUAL)
			fail_msg("%s: not equal to itself", cases[i].what);
		unload();
		load(cases[i].original);
		if (prove("f") != PROVE_DIFFERENT)
			fail_msg("%s: the difference isn't found", cases[i].what);
		unload();
	}
}

/* What the assembler fills up with depends on where the function lies. */
static void padding_does_not_count(void **state)
{
	ship("asm(\".text; .globl f; .type f,@function; f: inc %eax; .nops 3; 1: dec %eax; jne 1b; ret;"
	     " .size f,.-f\");");
	load("asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: inc %eax; .nops 9; 1: dec %eax;"
	     " jne 1b; ret; .size f,.-f\");");
	assert_int_equal(prove("f"), PROVE_EQUAL);
	unload();
}

static void what_has_no_code_is_told(void **state)
{
	const struct object_symbol *found;
	struct prove_result result;
	size_t n;

	ship("extern int g(int); int f(int a) { return g(a); }");
	load("int g(int a) { return a; }");
	found = object_index_find(shipped_code_index(code), "before", &n);
	assert_int_equal(n, 1);
	found = object_index_find(shipped_code_index(code), "f", &n);
	assert_int_equal(n, 1);
	/* a symbol without a size has no code that could be compared */
	((struct elf_symbol *)elf_symbol_find(unit, "g"))->size = 0;
	assert_int_equal(prove_function(unit, elf_symbol_find(unit, "g"), code, found, &result),
			 PROVE_UNKNOWN);
	prove_result_free(&result);
	unload();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_source_is_equal),
		cmocka_unit_test(each_difference_is_found),
		cmocka_unit_test(padding_does_not_count),
		cmocka_unit_test(what_has_no_code_is_told),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
