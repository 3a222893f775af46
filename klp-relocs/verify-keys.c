// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module loader writes to memory of other objects in two cases only: it
 * links the module to each static key, and to each static call key, that the
 * module uses and doesn't own. Everything else that it sets up for a module
 * (alternatives, paravirt calls, returns, bug and exception tables, ftrace,
 * per-CPU memory, tracepoints) is the module's own memory, or a list of the
 * loader. lib/static-keys.h says which keys the loader can't write to.
 */
#include <string.h>

#include "klp-relocs/module.h"
#include "lib/special-sections.h"
#include "lib/static-keys.h"
#include "klp-relocs/verify.h"

/* The rule of @section if it lists places that the loader links to keys, else NULL. */
static const struct section_rule *find_list(const char *section)
{
	for (size_t i = 0; i < n_section_rules; i++)
		if (section_rules[i].key_at && section_rule_fits(&section_rules[i], section))
			return &section_rules[i];
	return NULL;
}

/* The name of the function whose code the entry at @start of @list refers to. */
static const char *user_of(const struct elf_model *module, const struct elf_section *list,
			   uint64_t start)
{
	const struct elf_symbol *user = NULL;
	const struct elf_rela *rela;

	elf_for_each_rela(list, rela)
		if (rela->offset == start && rela->symbol && rela->symbol->section)
			user = module_symbol_at(module, rela->symbol->section,
						rela->symbol->value + rela->addend);
	return user ? user->name : NULL;
}

static void verify_key(const struct verify_inputs *in, const struct section_rule *list,
		       const struct elf_section *section, const struct elf_rela *rela,
		       struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct object_symbol *key;
	const struct object_index *owner;

	if (rela->offset % list->sizes[0] != list->key_at || !rela->symbol)
		return;
	key = verify_find_target(in, rela->symbol, &owner);
	/* a static call's entry may name its trampoline, which is code */
	if (!key || key->type == STT_FUNC || static_key_can_be_linked(owner, key, list->key))
		return;
	place.function = user_of(in->module, section, rela->offset - list->key_at);
	diag_error(diag, "KS243", &place, "'%s' of %s", key->name, object_index_name(owner));
	diag_detail(diag, "used by %s+%#lx: %s", section->name, rela->offset - list->key_at,
		    list->reason);
}

void verify_keys(const struct verify_inputs *in, struct diag *diag)
{
	const struct elf_section *section, *relocated;
	const struct section_rule *list;
	const struct elf_rela *rela;

	elf_for_each_section(in->module, section) {
		relocated = section->flags & SHF_RELA_LIVEPATCH ? section->target : section;
		list = relocated ? find_list(relocated->name) : NULL;
		if (list)
			elf_for_each_rela(section, rela)
				verify_key(in, list, relocated, rela, diag);
	}
}
