// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code refers to a function by an offset, relative to the end of the
 * instruction (call, jmp, jcc, lea), or by the low half of its address, which
 * is sign-extended (mov). It may refer to any byte of a variable (a member, an
 * element), and an immediate of one, two or four bytes may follow the field
 * (`cmpl $1,x(%rip)`). Data contains whole addresses of both; a jump label has
 * the offset of its static key from its own place, in eight bytes. Lists of
 * objtool and of the build with four-byte offsets don't use a function. The
 * exports do, and are checked elsewhere (KS128).
 */
#include <stdbool.h>
#include <string.h>

#include "kpatch-build/check/linked-users.h"

/* Possible numbers of bytes between the field and the end of the instruction. */
static const unsigned char bytes_after[] = { 0, 1, 2, 4 };

struct search {
	uint64_t address, size;
	found_place_fn found;
	void *arg;
};

static bool is_in(const struct search *search, uint64_t address)
{
	return address - search->address < search->size;
}

static int look_at_code(const struct search *search, const unsigned char *field, uint64_t place)
{
	size_t n = search->size > 1 ? sizeof(bytes_after) : 1;
	uint64_t meant;
	int32_t value;
	int err = 0;

	memcpy(&value, field, sizeof(value));
	meant = (uint64_t)(int64_t)value;
	if (is_in(search, meant))
		return search->found(search->arg, place, meant);
	for (size_t i = 0; i < n && !err; i++) {
		meant = place + sizeof(value) + bytes_after[i] + value;
		if (is_in(search, meant))
			err = search->found(search->arg, place, meant);
	}
	return err;
}

static int look_at_data(const struct search *search, const unsigned char *field, uint64_t place)
{
	uint64_t value;

	memcpy(&value, field, sizeof(value));
	if (is_in(search, value))
		return search->found(search->arg, place, value);
	/* the lowest bit of a jump label's key tells which branch is the likely one */
	if (search->size > 1 && is_in(search, (place + value) & ~1ULL))
		return search->found(search->arg, place, (place + value) & ~1ULL);
	return 0;
}

static int look_through(const struct search *search, const GElf_Shdr *shdr, const Elf_Data *data)
{
	bool code = shdr->sh_flags & SHF_EXECINSTR;
	size_t width = code ? sizeof(int32_t) : sizeof(uint64_t);
	const unsigned char *bytes = data->d_buf;
	int err = 0;

	for (size_t at = 0; !err && at + width <= data->d_size; at++)
		err = (code ? look_at_code : look_at_data)(search, bytes + at, shdr->sh_addr + at);
	return err;
}

int linked_users(Elf *elf, uint64_t address, uint64_t size, found_place_fn found, void *arg)
{
	struct search search = { address, size ?: 1, found, arg };
	Elf_Scn *scn = NULL;
	Elf_Data *data;
	GElf_Shdr shdr;
	int err = 0;

	while (!err && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    shdr.sh_type == SHT_NOBITS || !(data = elf_rawdata(scn, NULL)) || !data->d_buf)
			continue;
		err = look_through(&search, &shdr, data);
	}
	return err;
}
