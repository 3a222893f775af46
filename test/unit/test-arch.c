// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: instructions as GCC emits them, truncated after their relocation.
 * Prevents: a load or a comparison that is mistaken for a call, so that its target counts as only
 *   called; a relocation type that one tool treats as PC-relative and another one doesn't.
 * Fails if: an instruction is mistaken for another kind, or a kernel that can't be livepatched for
 *   one that can.
 */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/array.h"
#include "lib/arch.h"

static void branches(void **state)
{
	static const struct {
		const char *code; /* up to the field */
		unsigned int at;
		uint32_t type;
		enum arch_branch is;
		unsigned int opcode;
	} cases[] = {
		{ "\xe8", 1, R_X86_64_PLT32, ARCH_CALL, 1 },
		{ "\x2e\xe8", 2, R_X86_64_PLT32, ARCH_CALL, 1 },
		{ "\xe9", 1, R_X86_64_PC32, ARCH_JUMP, 1 },
		{ "\x0f\x84", 2, R_X86_64_PLT32, ARCH_CONDITIONAL_JUMP, 2 },
		/* lea x(%rip),%rax; mov x(%rip),%rdi; cmpb with 0f before: setne */
		{ "\x48\x8d\x05", 3, R_X86_64_PC32, ARCH_NO_BRANCH, 0 },
		{ "\x48\x8b\x3d", 3, R_X86_64_PC32, ARCH_NO_BRANCH, 0 },
		{ "\x0f\x95\x05", 3, R_X86_64_PC32, ARCH_NO_BRANCH, 0 },
		/* the byte before isn't there; it is no opcode; no distance of 32 bits */
		{ "", 0, R_X86_64_PC32, ARCH_NO_BRANCH, 0 },
		{ "\x84", 1, R_X86_64_PC32, ARCH_NO_BRANCH, 0 },
		{ "\xe8", 1, R_X86_64_32S, ARCH_NO_BRANCH, 0 },
		{ "\xe8", 1, R_X86_64_PC64, ARCH_NO_BRANCH, 0 },
		{ "\xe8", 1, 4711, ARCH_NO_BRANCH, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int opcode = 0;

		assert_int_equal(arch_branch_at(EM_X86_64, cases[i].type,
						(const unsigned char *)cases[i].code, cases[i].at,
						&opcode),
				 cases[i].is);
		assert_int_equal(opcode, cases[i].opcode);
	}
	assert_int_equal(arch_branch_at(EM_AARCH64, R_X86_64_PLT32, (unsigned char *)"\xe8", 1,
					NULL),
			 ARCH_NO_BRANCH);
}

static void relocations(void **state)
{
	assert_int_equal(arch_relocation(EM_X86_64, R_X86_64_PC8)->width, 1);
	assert_false(arch_relocation(EM_X86_64, R_X86_64_PC8)->loader);
	assert_true(arch_is_pc_relative(EM_X86_64, R_X86_64_PC8));
	assert_false(arch_is_pc_relative(EM_X86_64, R_X86_64_GOTPCREL));
	assert_true(arch_relocation(EM_X86_64, R_X86_64_32)->low);
	assert_false(arch_is_address(EM_X86_64, R_X86_64_32));
	assert_true(arch_is_address(EM_X86_64, R_X86_64_32S));
	assert_false(arch_is_pointer(EM_X86_64, R_X86_64_32S));
	assert_int_equal(arch_pointer(EM_X86_64), R_X86_64_64);
}

static void a_kernel_that_can_only_be_read(void **state)
{
	assert_non_null(arch_find(EM_AARCH64));
	assert_string_equal(arch_find(EM_AARCH64)->folder, "arm64");
	assert_false(arch_is_known(EM_AARCH64));
	assert_false(arch_is_pointer(EM_AARCH64, 0));
	assert_null(arch_find(EM_386));
}

static void programs_of_a_system(void **state)
{
	assert_string_equal(arch_find(EM_X86_64)->triplet, "x86_64-linux-gnu");
	assert_string_equal(arch_find(EM_X86_64)->program_loader, "ld-linux-x86-64.so.2");
	assert_string_equal(arch_find(EM_AARCH64)->program_loader, "ld-linux-aarch64.so.1");
#ifdef __x86_64__
	assert_ptr_equal(arch_of_system(), arch_find(EM_X86_64));
#endif
}

static void names_of_the_compiler(void **state)
{
	assert_true(arch_is_compilers_name(EM_X86_64, "__fentry__"));
	assert_true(arch_is_compilers_name(EM_X86_64, "__x86_return_thunk"));
	assert_false(arch_is_compilers_name(EM_X86_64, "printk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches),
		cmocka_unit_test(relocations),
		cmocka_unit_test(a_kernel_that_can_only_be_read),
		cmocka_unit_test(programs_of_a_system),
		cmocka_unit_test(names_of_the_compiler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
