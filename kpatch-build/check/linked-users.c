// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code means a function by a distance, counted from behind the field (call,
 * jmp, jcc, lea), or by the low half of its address, which is sign-extended
 * (mov). Data means it by its whole address. The lists of objtool and of the
 * build that count from their own place don't use a function; the exports do,
 * and are somebody else's business (KS128).
 */
#include <stdbool.h>
#include <string.h>

#include "kpatch-build/check/linked-users.h"

static bool code_means(const unsigned char *field, uint64_t place, uint64_t address)
{
	int32_t value;

	memcpy(&value, field, sizeof(value));
	return place + sizeof(value) + value == address || (uint64_t)(int64_t)value == address;
}

static bool data_means(const unsigned char *field, uint64_t place, uint64_t address)
{
	return !memcmp(field, &address, sizeof(address));
}

static int look_through(const GElf_Shdr *shdr, const Elf_Data *data, uint64_t address,
			int (*found)(void *arg, uint64_t place), void *arg)
{
	bool code = shdr->sh_flags & SHF_EXECINSTR;
	bool (*means)(const unsigned char *, uint64_t, uint64_t) = code ? code_means : data_means;
	size_t width = code ? sizeof(int32_t) : sizeof(address);
	const unsigned char *bytes = data->d_buf;
	int err = 0;

	for (size_t at = 0; !err && at + width <= data->d_size; at++)
		if (means(bytes + at, shdr->sh_addr + at, address))
			err = found(arg, shdr->sh_addr + at);
	return err;
}

int linked_users(Elf *elf, uint64_t address, int (*found)(void *arg, uint64_t place), void *arg)
{
	Elf_Scn *scn = NULL;
	Elf_Data *data;
	GElf_Shdr shdr;
	int err = 0;

	while (!err && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    shdr.sh_type == SHT_NOBITS || !(data = elf_rawdata(scn, NULL)) || !data->d_buf)
			continue;
		err = look_through(&shdr, data, address, found, arg);
	}
	return err;
}
