// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An ordinary undefined symbol makes the loader take a reference on the module
 * that exports it, so only symbols of vmlinux and of the core may be used that
 * way. Symbols of the main module are used by klp relocation: its new functions
 * and variables are in its symbol table, exported or not.
 */
#include <errno.h>
#include <string.h>

#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/resolve.h"

bool is_ordinary_export(const struct symvers *symvers, const char *symbol)
{
	const char *owner = symvers ? symvers_owner(symvers, symbol) : NULL;

	return owner &&
	       (symvers_is_open_export(symvers, symbol) || !strcmp(owner, KLP_CORE_MODULE));
}

void tell_who_exports(const struct symvers *symvers, const char *symbol, struct diag *diag)
{
	const char *owner = symvers ? symvers_owner(symvers, symbol) : NULL;

	if (owner && !strcmp(owner, KLP_VMLINUX))
		diag_detail(
			diag,
			"vmlinux exports it in a namespace, only to modules that import this namespace");
	else if (owner)
		diag_detail(diag, "it is an export of module %s", owner);
}

/* Would C link to it? A global or weak definition, not a static one of that name. */
static bool is_visible(const struct object_symbol *symbol)
{
	return symbol->bind != STB_LOCAL &&
	       (symbol->type == STT_FUNC || symbol->type == STT_OBJECT ||
		symbol->type == STT_NOTYPE) &&
	       symbol->shndx < SHN_LORESERVE;
}

static const struct object_symbol *find_visible(const struct object_index *index, const char *name)
{
	const struct object_symbol *symbols;
	size_t n;

	symbols = object_index_find(index, name, &n);
	for (size_t i = 0; i < n; i++)
		if (is_visible(&symbols[i]))
			return &symbols[i];
	return NULL;
}

static int provide(struct elf_model *model, struct elf_symbol *symbol,
		   const struct providers *providers, struct identity **identities,
		   struct diag *diag)
{
	struct diag_place place = { .file = model->path };
	const struct object_symbol *found = NULL;
	const struct object_index *from = NULL;

	for (size_t i = 0; i < providers->n; i++) {
		const struct object_symbol *one = find_visible(providers->indices[i], symbol->name);

		if (one && found) {
			diag_error(diag, "KS208", &place, "'%s': %s and %s both define it",
				   symbol->name, object_index_name(from),
				   object_index_name(providers->indices[i]));
			module_tell_uses(model, symbol, diag);
			return -EINVAL;
		}
		if (one) {
			found = one;
			from = providers->indices[i];
		}
	}
	if (!found)
		return -ENOENT;
	if (found->init || found->moves) {
		diag_error(diag, "KS208", &place, "'%s': %s frees it after init", symbol->name,
			   object_index_name(from));
		module_tell_uses(model, symbol, diag);
		return -EINVAL;
	}
	if (identity_add(identities, symbol, object_index_name(from), found->name,
			 object_symbol_klp_pos(found)))
		return diag_oom(diag);
	return 0;
}

static bool is_used(const struct elf_model *model, const struct elf_symbol *symbol)
{
	const struct elf_section *section;
	const struct elf_rela *rela;

	elf_for_each_section(model, section) {
		if (!section_is_loaded(section))
			continue;
		elf_for_each_rela(section, rela)
			if (rela->symbol == symbol)
				return true;
	}
	return false;
}

static void remove_unused(struct elf_model *model, struct elf_symbol *symbol)
{
	struct elf_section *section;

	elf_for_each_section(model, section) {
		size_t kept = 0;

		for (size_t i = 0; i < section->n_relas; i++)
			if (section->relas[i].symbol != symbol)
				section->relas[kept++] = section->relas[i];
		section->n_relas = kept;
	}
	elf_symbol_remove(model, symbol);
}

static int report_unknown(struct elf_model *model, const struct elf_symbol *symbol,
			  const struct symvers *symvers, struct diag *diag)
{
	struct diag_place place = { .file = model->path };

	diag_error(diag, "KS205", &place, "'%s'", symbol->name);
	tell_who_exports(symvers, symbol->name, diag);
	if (!symvers)
		diag_detail(diag, "no list of exports was given (--symvers)");
	if (symbol->bind == STB_WEAK)
		diag_detail(diag, "it is weak: the module loader would leave it 0, whether the "
				  "kernel has it or not");
	module_tell_uses(model, symbol, diag);
	return -EINVAL;
}

int resolve_undefined(struct elf_model *model, const struct symvers *symvers,
		      const struct providers *providers, struct identity **identities,
		      struct diag *diag)
{
	struct elf_symbol *symbol, *next;
	int err = 0, one;

	for (symbol = model->symbols; symbol; symbol = next) {
		next = symbol->next;
		if (!symbol_is_undefined(symbol) || symbol->identity ||
		    is_ordinary_export(symvers, symbol->name))
			continue;
		one = provide(model, symbol, providers, identities, diag);
		if (one == -ENOENT && !is_used(model, symbol)) {
			remove_unused(model, symbol);
			one = 0;
		} else if (one == -ENOENT) {
			one = report_unknown(model, symbol, symvers, diag);
		}
		err = one ?: err;
	}
	return err;
}
