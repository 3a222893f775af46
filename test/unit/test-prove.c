// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: one source compiled as the distribution does, and as we do (sections per function);
 *   then sources that differ in one thing each; the texts by which kernels and compilers identify
 *   themselves.
 * Prevents: a livepatch that is built from a source, a configuration or a compiler that isn't the
 *   kernel's; a right one that is refused because of section flags.
 * Fails if: one of the differences isn't found, or the same source doesn't compare equal.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/files.h"
#include "lib/instructions.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/compile/makers.h"
#include "kpatch-build/prove/prove-tables.h"
#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/kernel/kernel-config.h"
#include "kpatch-build/prove/prove-data.h"
#include "lib/temporary.h"

static struct elf_model *unit;
static struct shipped_code *code;
static struct proof proof;
static struct diag *diag;

/* "shipped.o": all functions in one section, linked with another unit, as in a module */
static void ship(const char *source)
{
	write_text("shipped-unit.c", source);
	RUN("gcc", "-O2", "-fno-pic", "-mcmodel=kernel", "-fno-asynchronous-unwind-tables", "-c",
	    "-o", "shipped-unit.o", "shipped-unit.c");
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
	assert_int_equal(proof_init(&proof, unit, code, shipped_code_index(code)), 0);
}

static void unload(void)
{
	assert_no_problems(diag);
	proof_free(&proof);
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
	verdict = symbol->type == STT_OBJECT ? prove_data(&proof, symbol, found, &result)
					     : prove_function(&proof, symbol, found, &result);
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
		{ "register", "int f(int a, int b) { return a; }",
		  "int f(int a, int b) { return b; }" },
		{ "callee", "int g(void), h(void); int f(void) { return g() + 1; }",
		  "int g(void), h(void); int f(void) { return h() + 1; }" },
		{ "sibling",
		  "__attribute__((noinline)) static int g(int a) { return a * 3; }\n"
		  "__attribute__((noinline)) static int h(int a) { return a * 5; }\n"
		  "int k(int a) { return g(h(a)); } int f(int a) { return g(a); }",
		  "__attribute__((noinline)) static int g(int a) { return a * 3; }\n"
		  "__attribute__((noinline)) static int h(int a) { return a * 5; }\n"
		  "int k(int a) { return g(h(a)); } int f(int a) { return h(a); }" },
		{ "string", "const char *f(void) { return \"one\"; }",
		  "const char *f(void) { return \"two\"; }" },
		{ "longer string", "const char *f(void) { return \"one\"; }",
		  "const char *f(void) { return \"one and more\"; }" },
		{ "variable", "int a, b; int f(void) { return a; }",
		  "int a, b; int f(void) { return b; }" },
		{ "offset", "int a[4]; int f(void) { return a[1]; }",
		  "int a[4]; int f(void) { return a[2]; }" },
		{ "end", "int f(int a) { return a; }", "void f(int a) { }" },
		{ "external", "extern int a; int f(void) { return a; }",
		  "int a; int f(void) { return a; }" },
		{ "branch",
		  "asm(\".text; .globl f; .type f,@function; f: je 1f; nop; inc %eax; 1: inc %eax; 2: ret;"
		  " .size f,.-f\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: je 2f; nop; inc %eax; 1: inc"
		  " %eax; 2: ret; .size f,.-f\");" },
		{ "condition",
		  "asm(\".text; .globl f; .type f,@function; f: je 1f; inc %eax; 1: ret; .size f,.-f\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: jne 1f; inc %eax; 1: ret;"
		  " .size f,.-f\");" },
		{ "code elsewhere",
		  "asm(\".text; .globl f; .type f,@function; f: jmp 1f; 2: ret; .size f,.-f;"
		  " .section .aux,\\\"ax\\\"; 1: test $1,%al; jmp 2b\");",
		  "asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: jmp 1f; 2: ret; .size f,.-f;"
		  " .section .aux,\\\"ax\\\"; 1: test $2,%al; jmp 2b\");" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
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

/* Each as a variable "v" of both; the first is the shipped one. */
static void variables_are_compared(void **state)
{
#define TABLE "extern int f(void), g(void); static int h(void) { return 3; } "
	static const struct {
		const char *what, *shipped, *original;
	} cases[] = {
		{ "value", "int v[3] = { 1, 2, 3 };", "int v[3] = { 1, 2, 4 };" },
		{ "size", "int v[3] = { 1, 2, 3 };", "int v[2] = { 1, 2 };" },
		{ "no value", "int v = 1;", "int v;" },
		{ "a value", "int v;", "int v = 1;" },
		{ "pointer", TABLE "int (*v[2])(void) = { f, g };",
		  TABLE "int (*v[2])(void) = { f, f };" },
		{ "one pointer more", TABLE "int (*v[2])(void) = { f, g };",
		  TABLE "int (*v[2])(void) = { f };" },
		{ "one pointer less", TABLE "int (*v[2])(void) = { f };",
		  TABLE "int (*v[2])(void) = { f, g };" },
		{ "static function", TABLE "int (*v)(void) = h;", TABLE "int (*v)(void) = f;" },
		{ "offset", "extern int a[4]; int *v = &a[1];",
		  "extern int a[4]; int *v = &a[2];" },
		{ "string", "const char *v = \"one\";", "const char *v = \"two\";" },
		{ "start of a string", "const char *v = \"one\";",
		  "const char *v = \"one more\";" },
		{ "variable", "static int a = 1, b = 2; int *v = &a; int *w = &b;",
		  "static int a = 1, b = 2; int *v = &b; int *w = &a;" },
		{ "constant", "const int v[2] = { 1, 2 };", "const int v[2] = { 2, 1 };" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ship(cases[i].shipped);
		load(cases[i].shipped);
		if (prove("v") != PROVE_EQUAL)
			fail_msg("%s: not equal to itself", cases[i].what);
		unload();
		load(cases[i].original);
		if (prove("v") != PROVE_DIFFERENT)
			fail_msg("%s: the difference isn't found", cases[i].what);
		unload();
	}
}

/* A module's instruction may get its value from a relocation that ours doesn't have. */
static void a_relocation_that_only_the_shipped_one_has_is_found(void **state)
{
#define F(instruction)                                                                             \
	"asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: " instruction "; ret;" \
	" .size f,.-f\");"
	ship(F("mov $there,%rax"));
	load(F("mov $there,%rax"));
	assert_int_equal(prove("f"), PROVE_EQUAL);
	unload();
	load(F("mov $0,%rax"));
	assert_int_equal(prove("f"), PROVE_DIFFERENT);
	unload();
}

/* One static variable of this name per file: it has to be that of our file. */
static void static_names_are_paired_by_file(void **state)
{
	static const char source[] = "static int count = 2; int *where(void) { return &count; }";
	const struct object_symbol *found;
	const char *names[] = { "count" };
	size_t n;

	write_text("shipped-unit.c", source);
	RUN("gcc", "-O2", "-fno-pic", "-mcmodel=kernel", "-fno-asynchronous-unwind-tables", "-c",
	    "-o", "shipped-unit.o", "shipped-unit.c");
	compile("neighbour", "static int count = 2; int *elsewhere(void) { return &count; }\n");
	RUN("ld", "-r", "-o", "shipped.o", "neighbour.o", "shipped-unit.o");
	load(source);
	found = object_index_find(shipped_code_index(code), "count", &n);
	assert_int_equal(n, 2);
	proof.block = object_index_next_block(proof.blocks, "shipped-unit.c", names, 1, 0);
	assert_int_not_equal(proof.block, 0);
	assert_false(proof_may_pair(&proof, elf_symbol_find(unit, "count"), &found[0]));
	assert_true(proof_may_pair(&proof, elf_symbol_find(unit, "count"), &found[1]));
	assert_int_equal(prove("where"), PROVE_EQUAL);
	/* the same bytes, but the other file's variable */
	proof.block = object_index_next_block(proof.blocks, "neighbour.c", names, 1, 0);
	assert_int_equal(prove("where"), PROVE_DIFFERENT);
	/* where two files have one name, the next is to be found too */
	assert_int_equal(
		object_index_next_block(proof.blocks, "neighbour.c", names, 1, proof.block), 0);
	unload();
}

/* A static branch as 6.12 has it: a jump here, a no-operation there. */
static void jumps_that_objtool_replaces_are_known(void **state)
{
#define ENTRY(bits)                                                                                \
	".pushsection __jump_table,\\\"aw\\\"; .balign 8; .long 1b - ., 2f - .; .quad key + " bits \
	" - .; .popsection;"
#define BRANCH(instruction, table)                                                           \
	"asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: 1: " instruction \
	"; " table " inc %eax; ret; 2: dec %eax; ret; .size f,.-f\");"
	ship(BRANCH("nop; nop", ""));
	load(BRANCH("jmp 2f", ENTRY("2")));
	assert_int_equal(prove("f"), PROVE_DIFFERENT); /* no no-operation of a jump's length */
	unload();
	ship(BRANCH(".byte 0x66, 0x90", ""));
	load(BRANCH("jmp 2f", ENTRY("2")));
	assert_int_equal(prove("f"), PROVE_EQUAL);
	unload();
	load(BRANCH("jmp 2f", ENTRY("0"))); /* one that stays a jump */
	assert_int_equal(prove("f"), PROVE_DIFFERENT);
	unload();
	load(BRANCH("jmp 2f", ""));
	assert_int_equal(prove("f"), PROVE_DIFFERENT);
	unload();
}

struct found {
	size_t different, left;
};

static int count_different(void *arg, const char *table, const struct elf_symbol *symbol,
			   uint64_t offset, const struct prove_result *result)
{
	((struct found *)arg)->different++;
	return -EINVAL;
}

static int count_left(void *arg, const char *table, size_t n)
{
	((struct found *)arg)->left += n;
	return 0;
}

/* How many entries about "f" are equal. */
static size_t prove_all_tables(struct found *found)
{
	const struct table_findings findings = { count_different, count_left, found };
	struct shipped_tables tables = { 0 };
	size_t equal = 0, n;

	*found = (struct found){ 0 };
	for (size_t i = 0; i < proof.n_named; i++)
		if (!strcmp(proof.named[i]->name, "f"))
			proof.pairs[i] = object_index_find(shipped_code_index(code), "f", &n);
	prove_tables(&proof, &tables, &findings, &equal);
	shipped_tables_free(&tables);
	return equal;
}

/* The code is the same in all; only what tables say of it isn't. */
static void tables_are_compared(void **state)
{
#define CODE(tables)                                                                                   \
	"asm(\".section .text.f,\\\"ax\\\"; .globl f; .type f,@function; f: 1: inc %eax; 2: dec %eax;" \
	" 3: ret; .size f,.-f;" tables "\");"
#define FAULT(at, to, type) \
	".pushsection __ex_table,\\\"a\\\"; .long " at " - ., " to " - ., " type "; .popsection;"
#define FEATURE(at, bit, with)                                                            \
	".pushsection .altinstr_replacement,\\\"ax\\\"; 10: " with "; 11: .popsection;"   \
	".pushsection .altinstructions,\\\"a\\\"; .long " at " - ., 10b - .; .short " bit \
	"; .byte 2, 11b - 10b; .popsection;"
#define NO_PROBE ".pushsection _kprobe_blacklist,\\\"aw\\\"; .quad f; .popsection;"
	static const struct {
		const char *what, *shipped, *original;
		size_t equal;
	} cases[] = {
		{ "fault", CODE(FAULT("1b", "3b", "1")), CODE(FAULT("1b", "2b", "1")), 1 },
		{ "kind of fault", CODE(FAULT("1b", "3b", "1")), CODE(FAULT("1b", "3b", "2")), 1 },
		{ "place", CODE(FAULT("1b", "3b", "1")), CODE(FAULT("2b", "3b", "1")), 1 },
		{ "one less", CODE(FAULT("1b", "3b", "1") FAULT("2b", "3b", "1")),
		  CODE(FAULT("1b", "3b", "1")), 2 },
		{ "none", CODE(FAULT("1b", "3b", "1")), CODE(""), 1 },
		{ "one more", CODE(FAULT("1b", "3b", "1")),
		  CODE(FAULT("1b", "3b", "1") FAULT("2b", "3b", "1")), 1 },
		{ "feature", CODE(FEATURE("1b", "3", "inc %ebx")),
		  CODE(FEATURE("1b", "4", "inc %ebx")), 1 },
		{ "replacement", CODE(FEATURE("1b", "3", "inc %ebx")),
		  CODE(FEATURE("1b", "3", "inc %ecx")), 1 },
		{ "call in it", CODE(FEATURE("1b", "3", "call g")),
		  CODE(FEATURE("1b", "3", "call h")), 1 },
		{ "length of it", CODE(FEATURE("1b", "3", "inc %ebx")),
		  CODE(FEATURE("1b", "3", "")), 1 },
		{ "no alternative", CODE(FEATURE("1b", "3", "inc %ebx")), CODE(""), 1 },
		{ "no probes", CODE(NO_PROBE), CODE(""), 1 },
	};
	struct found found;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ship(cases[i].shipped);
		load(cases[i].shipped);
		if (prove_all_tables(&found) != cases[i].equal || found.different || found.left)
			fail_msg("%s: not equal to itself", cases[i].what);
		unload();
		load(cases[i].original);
		prove_all_tables(&found);
		if (!found.different)
			fail_msg("%s: the difference isn't found", cases[i].what);
		unload();
	}
}

static void producers_are_compared(void **state)
{
	const char *here, *there;

	assert_true(same_producer("GNU C11 12.2.0 -m64 -O2 -ffunction-sections -fdata-sections",
				  "GNU C11 12.2.0 -m64 -O2", &here, &there));
	assert_false(same_producer("GNU C11 12.2.0 -m64 -O2 -fno-ivopts", "GNU C11 12.2.0 -m64 -O2",
				   &here, &there));
	assert_string_equal(here, "-fno-ivopts");
	assert_string_equal(there, "");
	assert_false(
		same_producer("GNU C11 12.2.0 -m64", "GNU C11 11.3.0 -m64 -O2", &here, &there));
	assert_string_equal(there, "11.3.0 -m64 -O2");
	assert_false(same_producer("", "GNU", &here, &there));
}

/* As kernel/configs.c puts it into .rodata. */
static void a_kernels_own_configuration_is_found(void **state)
{
	char *bytes, *text;
	size_t size;

	write_text("config", "CONFIG_A=y\n# CONFIG_B is not set\n");
	RUN("sh", "-c", "(printf xyzIKCFG_ST; gzip -9n <config; printf IKCFG_EDabc) >rodata");
	assert_int_equal(read_file("rodata", &bytes, &size), 0);
	text = config_in_kernel(bytes, size);
	assert_non_null(text);
	assert_string_equal(text, "CONFIG_A=y\n# CONFIG_B is not set\n");
	free(text);
	assert_null(config_in_kernel(bytes, size - strlen("Dabc")));
	bytes[20] ^= 0x55;
	bytes[30] ^= 0x55;
	assert_null(config_in_kernel(bytes, size));
	free(bytes);
}

/* The assembler's padding depends on the address of the function. */
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
	assert_int_equal(prove_function(&proof, elf_symbol_find(unit, "g"), found, &result),
			 PROVE_UNKNOWN);
	prove_result_free(&result);
	unload();
}

/* The four bytes @at bytes into @code, which runs at 0xffffffff81000000. */
static bool may_mean(const char *code, size_t size, size_t at, uint64_t target)
{
	const uint64_t address = 0xffffffff81000000;

	return instructions_may_mean(EM_X86_64, (const unsigned char *)code, size, address,
				     address + at, target);
}

static void numbers_in_code_are_understood(void **state)
{
	/* call, lea: a distance; mov, and cmp with a table's place: an address */
	assert_true(may_mean("\xe8\xf8\x0f\0\0", 5, 1, 0xffffffff81000ffd));
	assert_true(may_mean("\x48\x8d\x3d\xf8\x0f\0\0", 7, 3, 0xffffffff81000fff));
	assert_true(may_mean("\x48\xc7\xc7\xf8\x0f\0\x81", 7, 3, 0xffffffff81000ff8));
	assert_true(may_mean("\x48\xc7\x00\xf8\x0f\0\x81", 7, 3, 0xffffffff81000ff8));
	assert_true(may_mean("\x48\x8b\x04\xc5\xf8\x0f\0\x81", 8, 4, 0xffffffff81000ff8));
	/* and $0xff8,%esi: relative to the end of the field it would be one */
	assert_false(may_mean("\x81\xe6\xf8\x0f\0\0", 6, 2, 0xffffffff81000ffe));
	/* half of one number and half of another: mov $0x81000ff8,%edi; nop */
	assert_false(may_mean("\xbf\xf8\x0f\0\x81\x90\x90", 7, 2, 0xffffffff9081000f));
	/* 0x06 is no instruction in 64-bit code: after an unknown instruction nothing is known */
	assert_true(may_mean("\x06\x81\xe6\xf8\x0f\0\0", 7, 3, 0xffffffff81000fff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_code_are_understood),
		cmocka_unit_test(the_same_source_is_equal),
		cmocka_unit_test(each_difference_is_found),
		cmocka_unit_test(variables_are_compared),
		cmocka_unit_test(a_relocation_that_only_the_shipped_one_has_is_found),
		cmocka_unit_test(static_names_are_paired_by_file),
		cmocka_unit_test(jumps_that_objtool_replaces_are_known),
		cmocka_unit_test(tables_are_compared),
		cmocka_unit_test(producers_are_compared),
		cmocka_unit_test(a_kernels_own_configuration_is_found),
		cmocka_unit_test(padding_does_not_count),
		cmocka_unit_test(what_has_no_code_is_told),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
