/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a livepatch module declares (.modinfo), and which of its functions use a
 * symbol: an error about a symbol only helps if it names the function.
 */
#ifndef KLP_RELOCS_MODULE_H
#define KLP_RELOCS_MODULE_H

#include <stdbool.h>

#include "lib/diag.h"
#include "lib/arch.h"
#include "lib/elf-model.h"

/* __versions: struct modversion_info, include/linux/module.h: a checksum, then a name. */
#define VERSION_SIZE 64
#define VERSION_NAME 8

/* The first value of @tag in .modinfo, NULL if there is none. Lives as long as the model. */
const char *module_info(const struct elf_model *model, const char *tag);
/* All values, one after the other; start with *@at == 0. */
const char *module_info_next(const struct elf_model *model, const char *tag, size_t *at);

/* Reports KS201 unless the kernel would treat @model as a livepatch module. */
int module_check_livepatch(const struct elf_model *model, struct diag *diag);
/* True for the main module of a livepatch; false for object modules, the core, and others. */
bool module_is_main(const struct elf_model *model);
/* Does "a,b,c-d" contain the module that the kernel calls @name ("c_d")? */
bool module_list_has(const char *list, const char *name);

bool symbol_is_undefined(const struct elf_symbol *symbol);
/* SHF_ALLOC: in memory when the module is loaded. The kernel relocates no other sections. */
bool section_is_loaded(const struct elf_section *section);

/* The function or variable at @offset of @section, or NULL. */
const struct elf_symbol *module_symbol_at(const struct elf_model *model,
					  const struct elf_section *section, uint64_t offset);
/* Add "used by …" to the last problem, for the first places in memory that use @symbol. */
void module_tell_uses(const struct elf_model *model, const struct elf_symbol *symbol,
		      struct diag *diag);

/* Can the kernel apply such a relocation there? Reports KS206, KS207. */
int module_check_klp_rela(const struct elf_model *model, const struct elf_section *target,
			  const struct elf_rela *rela, struct diag *diag);

/* arch_branch_at() for @rela of @section. */
enum arch_branch module_branch(const struct elf_model *model, const struct elf_section *section,
			       const struct elf_rela *rela, unsigned int *opcode);

/* A word of 8 bytes in the module's byte order. */
uint64_t module_read_word(const struct elf_model *model, const unsigned char *bytes);
/* The string that a relocation points to, or NULL if it isn't one. */
const char *module_read_string(const struct elf_rela *rela);

/* "R_X86_64_PC32", or the number. @buffer holds the number. */
const char *relocation_name(const struct elf_model *model, uint32_t type, char buffer[32]);

#endif
