// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A relocation that nobody checked can write up to eight bytes beyond its
 * section, and one that the kernel doesn't know makes the finished livepatch
 * fail where it hurts most: at load. Both are known per type, beforehand.
 */
#include <elf.h>

#include "lib/elf-machine.h"

#define LOADER true
#define NO_LOADER false
/* clang-format off */
#define ROW(type, width, loader) { type, #type, width, loader, false }
#define LOW(type, width) { type, #type, width, LOADER, true } /* overflows with kernel addresses */
/* clang-format on */

/*
 * LOADER: the cases of __apply_relocate_add() in arch/x86/kernel/module.c, 6.1.
 * The others are what GCC, clang and the assembler put into object files beside
 * them.
 */
static const struct elf_relocation_type x86_64[] = {
	ROW(R_X86_64_NONE, 0, LOADER),
	ROW(R_X86_64_64, 8, LOADER),
	ROW(R_X86_64_PC32, 4, LOADER),
	ROW(R_X86_64_GOT32, 4, NO_LOADER),
	ROW(R_X86_64_PLT32, 4, LOADER),
	ROW(R_X86_64_GOTPCREL, 4, NO_LOADER),
	LOW(R_X86_64_32, 4),
	ROW(R_X86_64_32S, 4, LOADER),
	ROW(R_X86_64_16, 2, NO_LOADER),
	ROW(R_X86_64_PC16, 2, NO_LOADER),
	ROW(R_X86_64_8, 1, NO_LOADER),
	ROW(R_X86_64_PC8, 1, NO_LOADER),
	ROW(R_X86_64_DTPMOD64, 8, NO_LOADER),
	ROW(R_X86_64_DTPOFF64, 8, NO_LOADER),
	ROW(R_X86_64_TPOFF64, 8, NO_LOADER),
	ROW(R_X86_64_TLSGD, 4, NO_LOADER),
	ROW(R_X86_64_TLSLD, 4, NO_LOADER),
	ROW(R_X86_64_DTPOFF32, 4, NO_LOADER),
	ROW(R_X86_64_GOTTPOFF, 4, NO_LOADER),
	ROW(R_X86_64_TPOFF32, 4, NO_LOADER),
	ROW(R_X86_64_PC64, 8, LOADER),
	ROW(R_X86_64_GOTOFF64, 8, NO_LOADER),
	ROW(R_X86_64_GOTPC32, 4, NO_LOADER),
	ROW(R_X86_64_GOT64, 8, NO_LOADER),
	ROW(R_X86_64_GOTPCREL64, 8, NO_LOADER),
	ROW(R_X86_64_GOTPC64, 8, NO_LOADER),
	ROW(R_X86_64_PLTOFF64, 8, NO_LOADER),
	ROW(R_X86_64_SIZE32, 4, NO_LOADER),
	ROW(R_X86_64_SIZE64, 8, NO_LOADER),
	ROW(R_X86_64_GOTPCRELX, 4, NO_LOADER),
	ROW(R_X86_64_REX_GOTPCRELX, 4, NO_LOADER),
};

static const struct machine {
	uint16_t machine;
	const struct elf_relocation_type *types;
	size_t n_types;
	uint32_t pointer; /* relocates a pointer in data */
} machines[] = {
	{ EM_X86_64, x86_64, sizeof(x86_64) / sizeof(x86_64[0]), R_X86_64_64 },
};

static const struct machine *find_machine(uint16_t number)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == number)
			return &machines[i];
	return NULL;
}

bool elf_machine_known(uint16_t machine)
{
	return find_machine(machine) != NULL;
}

const struct elf_relocation_type *elf_relocation_type(uint16_t number, uint32_t type)
{
	const struct machine *machine = find_machine(number);

	for (size_t i = 0; machine && i < machine->n_types; i++)
		if (machine->types[i].type == type)
			return &machine->types[i];
	return NULL;
}

bool elf_relocation_is_pointer(uint16_t number, uint32_t type)
{
	const struct machine *machine = find_machine(number);

	return machine && machine->pointer == type;
}
