// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmlinux is linked: symbols mark both ends of its read-only range, and its jump
 * table can be read as the kernel reads it. A module is relocatable: a key's
 * section tells what the loader will do with its memory.
 */
#include <gelf.h>
#include <string.h>

#include "lib/text.h"
#include "lib/special-sections.h"
#include "lib/static-keys.h"

/*
 * struct jump_entry with CONFIG_HAVE_ARCH_JUMP_LABEL_RELATIVE: s32 code, s32 target, s64 key, each
 * relative to itself. The key's two low bits are flags.
 */
#define JUMP_ENTRY_FLAGS 3

static const struct object_symbol *find_only(const struct object_index *index, const char *name)
{
	const struct object_symbol *symbols;
	size_t n;

	symbols = object_index_find(index, name, &n);
	return n == 1 ? symbols : NULL;
}

/* True if @from and @to are known and @value lies between them; *@known says the former. */
static bool is_between(const struct object_index *index, const char *from, const char *to,
		       uint64_t value, bool *known)
{
	const struct object_symbol *start = find_only(index, from), *stop = find_only(index, to);

	*known = start && stop;
	return *known && start->value <= value && value < stop->value;
}

static bool is_writable_in_module(const struct object_index *object,
				  const struct object_symbol *key)
{
	Elf *elf = object_index_elf(object);
	Elf_Scn *scn = elf ? elf_getscn(elf, key->shndx) : NULL;
	size_t names;
	GElf_Shdr shdr;
	const char *name;

	if (!scn || !gelf_getshdr(scn, &shdr) || elf_getshdrstrndx(elf, &names))
		return false;
	name = elf_strptr(elf, names, shdr.sh_name);
	return name && shdr.sh_flags & SHF_WRITE && !str_starts(name, RO_AFTER_INIT);
}

/* Does code of vmlinux itself test @key? jump_label_init_ro() walks the jump table of vmlinux. */
static bool is_tested_by_vmlinux(const struct object_index *vmlinux,
				 const struct object_symbol *key)
{
	const struct section_rule *table = section_named("__jump_table");
	const struct object_symbol *start = find_only(vmlinux, table->start);
	const struct object_symbol *stop = find_only(vmlinux, table->stop);
	Elf *elf = object_index_elf(vmlinux);
	Elf_Scn *scn = elf && start ? elf_getscn(elf, start->shndx) : NULL;
	Elf_Data *data;
	GElf_Shdr shdr;
	uint64_t at;

	if (!scn || !stop || !gelf_getshdr(scn, &shdr) || shdr.sh_type == SHT_NOBITS)
		return false;
	data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf || start->value < shdr.sh_addr)
		return false;
	for (at = start->value - shdr.sh_addr;
	     at + table->sizes[0] <= data->d_size && shdr.sh_addr + at < stop->value;
	     at += table->sizes[0]) {
		uint64_t distance, field = at + table->key_at;

		memcpy(&distance, (const char *)data->d_buf + field, sizeof(distance));
		if (shdr.sh_addr + field + (distance & ~(uint64_t)JUMP_ENTRY_FLAGS) == key->value)
			return true;
	}
	return false;
}

/* kernel/jump_label.c: jump_label_init_ro(), since 6.10 */
static bool is_sealed(const struct object_index *vmlinux, const struct object_symbol *key)
{
	return find_only(vmlinux, "jump_label_init_ro") && is_tested_by_vmlinux(vmlinux, key);
}

bool static_key_can_be_linked(const struct object_index *object, const struct object_symbol *key,
			      enum key_kind kind)
{
	bool known, read_only;

	if (object_index_is_module(object))
		return is_writable_in_module(object, key);
	read_only = is_between(object, "__start_rodata", "__end_rodata", key->value, &known);
	if (known && !read_only)
		return true;
	return known && kind == KEY_OF_BRANCH && is_sealed(object, key);
}
