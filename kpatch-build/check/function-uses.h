/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References to a function in the object of its unit: function-uses.c.
 */
#ifndef KPATCH_BUILD_FUNCTION_USES_H
#define KPATCH_BUILD_FUNCTION_USES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/elf-model.h"

/* The variable that contains byte @offset of @section; NULL: none. */
const struct elf_symbol *variable_at(const struct elf_model *elf, const struct elf_section *section,
				     uint64_t offset);
bool rela_leads_to(const struct elf_rela *rela, const struct elf_symbol *function);
const struct elf_symbol *function_in(const struct elf_model *elf,
				     const struct elf_section *section);
/* NULL: there is none, or others may use it: it is global, or one of several. */
const struct elf_symbol *find_static_function(const struct elf_model *elf, const char *name);
const struct elf_symbol *whole_function(const struct elf_model *elf, const struct elf_symbol *code);
bool is_call_by(const struct elf_model *elf, const struct elf_section *section,
		const struct elf_rela *rela);
/* Is it code that runs once, and whose memory is freed afterwards? */
bool is_init_section(const struct elf_section *section);

#endif
