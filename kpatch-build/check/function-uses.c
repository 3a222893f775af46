// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When a function of the running kernel may run follows from the references to
 * it. In the object of a unit, which is compiled with a section for each
 * function, the relocations are these references.
 */
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/check/function-uses.h"
#include "lib/arch.h"

/* The variable that contains byte @offset of @section. */
const struct elf_symbol *variable_at(const struct elf_model *elf, const struct elf_section *section,
				     uint64_t offset)
{
	const struct elf_symbol *s;

	elf_for_each_symbol(elf, s)
		if (s->section == section && s->type == STT_OBJECT && offset >= s->value &&
		    offset - s->value < s->size)
			return s;
	return NULL;
}

/*
 * References from code are relative to bytes after the function's first (PC32 - 4), those from data
 * to the first one.
 */
bool rela_leads_to(const struct elf_rela *rela, const struct elf_symbol *function)
{
	if (rela->symbol == function)
		return true;
	return rela->symbol && rela->symbol->type == STT_SECTION &&
	       rela->symbol->section == function->section;
}

/*
 * The function whose code is @section (-ffunction-sections); NULL: there is none, or more than one.
 */
const struct elf_symbol *function_in(const struct elf_model *elf, const struct elf_section *section)
{
	const struct elf_symbol *s, *found = NULL;

	elf_for_each_symbol(elf, s) {
		if (s->type != STT_FUNC || s->section != section)
			continue;
		if (found)
			return NULL;
		found = s;
	}
	return found;
}

const struct elf_symbol *find_static_function(const struct elf_model *elf, const char *name)
{
	const struct elf_symbol *s, *found = NULL;

	elf_for_each_symbol(elf, s) {
		if (s->type != STT_FUNC || strcmp(s->name, name))
			continue;
		/* several symbols of that name, or a global one: others may call it */
		if (found || s->bind != STB_LOCAL || !s->section)
			return NULL;
		found = s;
	}
	return found;
}

/* The function whose cold part @code is, or @code itself. */
const struct elf_symbol *whole_function(const struct elf_model *elf, const struct elf_symbol *code)
{
	const char *cold = strstr(code->name, ".cold");
	const struct elf_symbol *whole = NULL;
	char *name = cold ? strndup(code->name, cold - code->name) : NULL;

	if (name)
		whole = elf_symbol_find(elf, name);
	free(name);
	return whole ?: code;
}

/* Is it a call, or a jump? Code that takes the function's address may call it at any time. */
bool is_call_by(const struct elf_model *elf, const struct elf_section *section,
		const struct elf_rela *rela)
{
	return arch_branch_at(elf->machine, rela->type, section->data, rela->offset, NULL) !=
	       ARCH_NO_BRANCH;
}

bool is_init_section(const struct elf_section *section)
{
	return !strncmp(section->name, ".init.text", 10);
}
