// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64. An unchecked relocation can write up to eight bytes beyond its section, and a relocation
 * type that the kernel doesn't support makes the finished livepatch fail when it is loaded. The
 * table gives the width and the support of each type beforehand.
 */
#include <capstone/capstone.h>
#include <elf.h>
#include <string.h>

#include "lib/array.h"
#include "lib/arch-x86-64-decode.h"
#include "lib/arch-x86-64.h"

/* clang-format off */
#define ROW(_type, _width, ...) { .type = _type, .name = #_type, .width = _width, __VA_ARGS__ }
/* clang-format on */
#define LOADER .loader = true
#define LOW .loader = true, .low = true /* overflows with kernel addresses */
#define PC_RELATIVE .pc_relative = true
#define ADDRESS .address = true

/*
 * LOADER: the cases of __apply_relocate_add() in arch/x86/kernel/module.c, 6.1.
 * GCC, clang and the assembler put the other types into object files as well.
 */
static const struct arch_relocation relocations[] = {
	ROW(R_X86_64_NONE, 0, LOADER),
	ROW(R_X86_64_64, 8, LOADER, ADDRESS),
	ROW(R_X86_64_PC32, 4, LOADER, PC_RELATIVE),
	ROW(R_X86_64_GOT32, 4),
	ROW(R_X86_64_PLT32, 4, LOADER, PC_RELATIVE),
	ROW(R_X86_64_GOTPCREL, 4),
	ROW(R_X86_64_32, 4, LOW),
	/* sign-extended: reaches the topmost 2 GB, where the kernel and its modules are */
	ROW(R_X86_64_32S, 4, LOADER, ADDRESS),
	ROW(R_X86_64_16, 2),
	ROW(R_X86_64_PC16, 2, PC_RELATIVE),
	ROW(R_X86_64_8, 1),
	ROW(R_X86_64_PC8, 1, PC_RELATIVE),
	ROW(R_X86_64_DTPMOD64, 8),
	ROW(R_X86_64_DTPOFF64, 8),
	ROW(R_X86_64_TPOFF64, 8),
	ROW(R_X86_64_TLSGD, 4),
	ROW(R_X86_64_TLSLD, 4),
	ROW(R_X86_64_DTPOFF32, 4),
	ROW(R_X86_64_GOTTPOFF, 4),
	ROW(R_X86_64_TPOFF32, 4),
	ROW(R_X86_64_PC64, 8, LOADER, PC_RELATIVE),
	ROW(R_X86_64_GOTOFF64, 8),
	ROW(R_X86_64_GOTPC32, 4),
	ROW(R_X86_64_GOT64, 8),
	ROW(R_X86_64_GOTPCREL64, 8),
	ROW(R_X86_64_GOTPC64, 8),
	ROW(R_X86_64_PLTOFF64, 8),
	ROW(R_X86_64_SIZE32, 4),
	ROW(R_X86_64_SIZE64, 8),
	ROW(R_X86_64_GOTPCRELX, 4),
	ROW(R_X86_64_REX_GOTPCRELX, 4),
};

/* The call to ftrace, the stack protector's, and the thunks of returns and of indirect branches. */
static const char *const compilers_names[] = { "__fentry__", "__stack_chk_fail", "__x86_", NULL };

/*
 * These opcodes can come before a 32-bit PC-relative field. Before it, every other instruction has
 * a ModRM byte 00reg101: 05, 0d, … 3d.
 *
 *	e8 rel32		call
 *	e9 rel32		jmp
 *	0f 80 … 0f 8f rel32	jcc
 */
static enum arch_branch branch_at(const struct arch_relocation *type, const unsigned char *code,
				  uint64_t at, unsigned int *opcode)
{
	if (!type->pc_relative || type->width != 4)
		return ARCH_NO_BRANCH;
	if (at >= 1 && (code[at - 1] == 0xe8 || code[at - 1] == 0xe9)) {
		*opcode = 1;
		return code[at - 1] == 0xe8 ? ARCH_CALL : ARCH_JUMP;
	}
	if (at < 2 || code[at - 2] != 0x0f || (code[at - 1] & 0xf0) != 0x80)
		return ARCH_NO_BRANCH;
	*opcode = 2;
	return ARCH_CONDITIONAL_JUMP;
}

/* mov $x,%rdi (48 c7 c7), or lea x(%rip),%rdi (48 8d 3d) */
static bool loads_first_argument(const unsigned char *code, uint64_t at)
{
	static const unsigned char mov[] = { 0x48, 0xc7, 0xc7 }, lea[] = { 0x48, 0x8d, 0x3d };
	const unsigned char *before = code + at - sizeof(mov);

	return at >= sizeof(mov) &&
	       (!memcmp(before, mov, sizeof(mov)) || !memcmp(before, lea, sizeof(lea)));
}

const struct arch arch_x86_64 = {
	.machine = EM_X86_64,
	.folder = "x86",
	.uname = "x86_64",
	.triplet = "x86_64-linux-gnu",
	.program_loader = "ld-linux-x86-64.so.2",
	.debug32 = R_X86_64_32,
	.debug64 = R_X86_64_64,
	.relocations = relocations,
	.n_relocations = ARRAY_SIZE(relocations),
	.pointer = R_X86_64_64,
	.landing = { 0xf3, 0x0f, 0x1e, 0xfa }, /* endbr64 */
	.landing_size = 4,
	.compilers_names = compilers_names,
	.objtool_replaces_jumps = true, /* since 5.14 */
	.branch_at = branch_at,
	.loads_first_argument = loads_first_argument,
	.decoder = CS_ARCH_X86,
	.decoder_mode = CS_MODE_64,
	.describe = x86_64_describe,
	.may_mean = x86_64_may_mean,
};
