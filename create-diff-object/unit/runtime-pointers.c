// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Since 6.11 the code of vmlinux contains pointers whose value is known only at
 * boot: runtime_const_ptr(USER_PTR_MAX) is the limit of each access to user
 * memory. The boot code writes the values to the places that lists name
 * (runtime_ptr_USER_PTR_MAX). Nothing does that for a module: a copy of such a
 * function would work with a value that was never filled in.
 *
 * Modules read the variable instead (arch/x86/include/asm/uaccess_64.h, 6.12),
 * and so does the code of a livepatch: this file makes each such instruction a
 * load, in both units, before anything is compared. The variable no longer
 * changes once the values have been written.
 */
#include <string.h>

#include "lib/text.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/runtime-pointers.h"

#define LIST "runtime_ptr_" /* followed by the variable's name */

static int malformed(const struct elf_section *list, struct diag *diag)
{
	return diag_error(diag, "KS119", NULL,
			  "section '%s': it lists something other than the load of a pointer",
			  list->name);
}

/*
 * Find the variable's symbol. Code that only names the variable in the list has no symbol for it.
 */
static struct elf_symbol *variable_of(struct unit *unit, const struct elf_section *list)
{
	const char *name = list->name + strlen(LIST);

	return elf_symbol_find(unit->elf, name)
		       ?: elf_symbol_add(unit->elf, name, STB_GLOBAL, STT_NOTYPE, NULL, 0, 0);
}

static int load_one(struct unit *unit, const struct elf_section *list, const struct elf_rela *rela,
		    struct elf_symbol *variable, struct diag *diag)
{
	struct elf_section *code = rela->symbol ? rela->symbol->section : NULL;
	uint64_t field, at = code ? rela->symbol->value + rela->addend : 0;
	int64_t addend;
	uint32_t type;

	if (!code || !code->data || !elf_section_is_code(code) ||
	    !unit->arch->load_from_memory(code->data, code->size, at, &field, &type, &addend))
		return malformed(list, diag);
	return elf_rela_add(code, field, type, variable, addend) ? diag_oom(diag) : 0;
}

int unit_load_runtime_pointers(struct unit *unit, struct diag *diag)
{
	const struct elf_section *list;
	const struct elf_rela *rela;
	struct elf_symbol *variable;
	int err = 0;

	elf_for_each_section(unit->elf, list) {
		if (!str_starts(list->name, LIST) || !list->size)
			continue;
		variable = variable_of(unit, list);
		if (!variable)
			return diag_oom(diag);
		elf_for_each_rela(list, rela)
			err = err ?: load_one(unit, list, rela, variable, diag);
	}
	return err;
}
