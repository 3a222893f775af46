// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of processors, and the functions that look up one of them: see arch.h. */
#include <elf.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/arch-x86-64.h"
#include "lib/arch.h"

/* Enough to read the debug information of arm64 kernels and to find their files. */
static const struct arch arm64 = {
	.machine = EM_AARCH64,
	.folder = "arm64",
	.uname = "aarch64",
	.triplet = "aarch64-linux-gnu",
	.program_loader = "ld-linux-aarch64.so.1",
	.debug32 = R_AARCH64_ABS32,
	.debug64 = R_AARCH64_ABS64,
};
static const struct arch powerpc = {
	.machine = EM_PPC64,
	.folder = "powerpc",
	.uname = "ppc64le",
	.triplet = "powerpc64le-linux-gnu",
	.program_loader = "ld64.so.2",
	.debug32 = R_PPC64_ADDR32,
	.debug64 = R_PPC64_ADDR64,
};
static const struct arch s390 = {
	.machine = EM_S390,
	.folder = "s390",
	.uname = "s390x",
	.triplet = "s390x-linux-gnu",
	.program_loader = "ld64.so.1",
	.debug32 = R_390_32,
	.debug64 = R_390_64,
};

static const struct arch *const arches[] = { &arch_x86_64, &arm64, &powerpc, &s390 };

const struct arch *arch_find(uint16_t machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		if (arches[i]->machine == machine)
			return arches[i];
	return NULL;
}

const struct arch *arch_of_system(void)
{
	struct utsname name;

	if (uname(&name))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		if (!strcmp(arches[i]->uname, name.machine))
			return arches[i];
	return NULL;
}

bool arch_is_known(uint16_t machine)
{
	const struct arch *arch = arch_find(machine);

	return arch && arch->n_relocations;
}

const struct arch_relocation *arch_relocation(uint16_t machine, uint32_t type)
{
	const struct arch *arch = arch_find(machine);

	for (size_t i = 0; arch && i < arch->n_relocations; i++)
		if (arch->relocations[i].type == type)
			return &arch->relocations[i];
	return NULL;
}

bool arch_is_pc_relative(uint16_t machine, uint32_t type)
{
	const struct arch_relocation *known = arch_relocation(machine, type);

	return known && known->pc_relative;
}

bool arch_is_pointer(uint16_t machine, uint32_t type)
{
	return arch_is_known(machine) && arch_pointer(machine) == type;
}

bool arch_is_address(uint16_t machine, uint32_t type)
{
	const struct arch_relocation *known = arch_relocation(machine, type);

	return known && known->address;
}

uint32_t arch_pointer(uint16_t machine)
{
	const struct arch *arch = arch_find(machine);

	return arch ? arch->pointer : 0;
}

enum arch_branch arch_branch_at(uint16_t machine, uint32_t type, const unsigned char *code,
				uint64_t at, unsigned int *opcode)
{
	const struct arch_relocation *known = arch_relocation(machine, type);
	unsigned int ignored;

	if (!code || !known)
		return ARCH_NO_BRANCH;
	return arch_find(machine)->branch_at(known, code, at, opcode ?: &ignored);
}

bool arch_is_compilers_name(uint16_t machine, const char *name)
{
	const struct arch *arch = arch_find(machine);
	const char *const *beginning = arch ? arch->compilers_names : NULL;

	for (; beginning && *beginning; beginning++)
		if (str_starts(name, *beginning))
			return true;
	return false;
}
