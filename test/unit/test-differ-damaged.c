// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: object files that are well-formed ELF, but that no compiler would write. test/fuzz has
 *   found each of them.
 * Prevents: a crash, an overflow or an endless loop in create-diff-object.
 * Fails if: unit_load() accepts one, or refuses it with another code; run it under the sanitizers
 *   (make check SANITIZE=1).
 */
#include <sys/stat.h>

#include "lib/array.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "test/unit/fixture.h"
#include "create-diff-object/unit/unit-load.h"
#include "lib/temporary.h"

static const struct {
	const char *what, *source, *code;
} cases[] = {
	{ "an addend that overflows with the distance to the instruction's end",
	  ".text\n.globl f\n.type f,@function\nf: call g\n.reloc .-4, R_X86_64_PC32, d + 0x7ffffffffffffffc\n"
	  ".size f,.-f\n.data\n.globl d\nd: .quad 0\n",
	  "KS115" },
	{ "an addend that underflows",
	  ".data\n.globl d\nd: .quad e - 0x8000000000000000\n.globl e\ne: .quad 0\n", "KS115" },
};

static void damage_is_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("test");
		struct unit *unit = NULL;

		print_message("%s\n", cases[i].what);
		assemble("damaged", cases[i].source);
		assert_true(unit_load(&unit, "damaged.o", diag) < 0);
		assert_null(unit);
		assert_reported(diag, cases[i].code);
		diag_free(diag);
	}
}

/* A section that claims to be aligned to a megabyte, with 100 strings of one byte. */
static void gaps_dont_grow_with_a_claimed_alignment(void **state)
{
	struct unit *original = NULL, *patched = NULL;
	struct diag *diag = diag_new("test");
	struct stat st;
	bool any;

	assemble("aligned",
		 ".section .rodata.str1.1,\"aMS\",@progbits,1\n.p2align 20\n"
		 ".rept 100\n.asciz \"x\"\n.endr\n"
		 ".section .text.f,\"ax\"\n.globl f\n.type f,@function\nf:\n"
		 ".set at, 0\n.rept 100\nmov $.rodata.str1.1 + at, %rdi\n.set at, at + 2\n.endr\n"
		 "ret\n.size f,.-f\n.section __mcount_loc,\"a\"\n.quad f\n");
	assert_int_equal(unit_load(&original, "aligned.o", diag), 0);
	assert_int_equal(unit_load(&patched, "aligned.o", diag), 0);
	assert_int_equal(correlate_units(original, patched, NULL, diag), 0);
	assert_int_equal(compare_units(original, patched, diag), 0);
	assume_changed(patched, "f");
	assert_int_equal(close_over_needed(original, patched, &any, diag), 0);
	assert_true(any);
	assert_int_equal(unit_emit(patched, "output.o", diag), 0);
	assert_no_problems(diag);
	assert_int_equal(stat("output.o", &st), 0);
	assert_true(st.st_size < 3 << 20); /* the file itself is aligned, too */
	unit_free(original);
	unit_free(patched);
	diag_free(diag);
}

/* A unit with debugging information that says nothing of what is in it. */
static void places_may_be_none(void **state)
{
	struct diag *diag = diag_new("test");
	struct unit *unit = NULL;
	struct unit_section *s;
	struct atom *atom;
	size_t n = 0;

	write_text("nameless.s", ".globl f\n.type f,@function\nf: ret\n.size f,.-f\n");
	RUN("as", "--64", "-g", "-o", "nameless.o", "nameless.s");
	assert_int_equal(unit_load(&unit, "nameless.o", diag), 0);
	unit_for_each_section(unit, s) {
		section_for_each_atom(s, atom) {
			assert_int_equal(atom_place(unit, atom).line, 0);
			n++;
		}
	}
	assert_true(n > 0);
	unit_free(unit);
	diag_free(diag);
}

/* Code that ftrace can redirect; but its name is that of nothing, at the same place. */
static void functions_may_have_no_name(void **state)
{
	struct unit *original = NULL, *patched = NULL;
	struct diag *diag = diag_new("test");

	assemble("unnamed", ".section .text.f,\"ax\"\n.globl f\n.type f,@function\nf: nop\nret\n"
			    ".section __mcount_loc,\"a\"\n.quad f\n");
	assert_int_equal(unit_load(&original, "unnamed.o", diag), 0);
	assert_int_equal(unit_load(&patched, "unnamed.o", diag), 0);
	assert_int_equal(correlate_units(original, patched, NULL, diag), 0);
	assert_int_equal(compare_units(original, patched, diag), 0);
	assume_changed(patched, "*");
	unit_free(original);
	unit_free(patched);
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(gaps_dont_grow_with_a_claimed_alignment),
		cmocka_unit_test(places_may_be_none),
		cmocka_unit_test(functions_may_have_no_name),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
