// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What our index says of every name that an object has more than once, one per
 * line: "address name position type", address as kallsyms prints it. Of a
 * module only what stays after its init, in the kernel's order: "section offset
 * name".
 */
#include <gelf.h>
#include <stdio.h>
#include <string.h>

#include "lib/object-index.h"

static const char *section_of(Elf *elf, const struct object_symbol *symbol)
{
	size_t names;
	GElf_Shdr shdr;

	if (elf_getshdrstrndx(elf, &names) || !gelf_getshdr(elf_getscn(elf, symbol->shndx), &shdr))
		return NULL;
	return elf_strptr(elf, names, shdr.sh_name);
}

static void print_symbol(const struct object_index *index, const struct object_symbol *symbol)
{
	if (!object_index_is_module(index))
		printf("%016lx %s %u %d\n", symbol->value, symbol->name, symbol->sympos,
		       symbol->type);
	else if (!symbol->init)
		printf("%s %#lx %s\n", section_of(object_index_elf(index), symbol), symbol->value,
		       symbol->name);
}

int main(int argc, char **argv)
{
	struct diag *diag = diag_new("positions");
	const struct object_symbol *symbols;
	struct object_index *index;
	char name[1024];
	size_t n;

	if (argc != 3 || object_index_load(argv[1], argv[2], &index, diag)) {
		diag_print(diag, stderr);
		return 1;
	}
	/* names come on standard input, so that they aren't the index's own */
	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		symbols = object_index_find(index, name, &n);
		for (size_t i = 0; n > 1 && i < n; i++)
			print_symbol(index, &symbols[i]);
	}
	object_index_free(index);
	diag_free(diag);
	return 0;
}
