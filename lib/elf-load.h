/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of elf_model_load() share: the file that is being read, and the
 * section or symbol that each of its indices has become.
 */
#ifndef KLP_SPLIT_ELF_LOAD_H
#define KLP_SPLIT_ELF_LOAD_H

#include "lib/elf-model.h"

struct loader {
	Elf *elf;
	size_t file_size;
	size_t shnum, shstrndx;
	struct elf_model *model;
	struct elf_section **sections; /* by index in the file; NULL: not part of the model */
	struct elf_symbol **symbols; /* likewise */
	size_t n_symbols;
	size_t symtab, strtab, xindex; /* section indices, 0: none */
	size_t names_size; /* bytes of all names so far */
	struct diag_place place;
	struct diag *diag;
};

#define damaged(l, code, ...) diag_error((l)->diag, code, &(l)->place, __VA_ARGS__)

int loader_get_shdr(struct loader *l, size_t index, Elf_Scn **scn, GElf_Shdr *shdr);

/* The name at @offset in section @strings, valid as long as the loader; NULL: there is none. */
const char *loader_get_name(struct loader *l, size_t strings, size_t offset);

#endif
