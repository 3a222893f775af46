// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks what the kernel reads from a livepatch module's ELF file, and refuses
 * or, worse, silently skips if it is malformed (kernel/livepatch/core.c:
 * klp_apply_section_relocs(), klp_resolve_symbols(); kernel/module/main.c:
 * simplify_symbols(), apply_relocations(); 6.1).
 */
#include <string.h>

#include "lib/text.h"
#include "lib/arch.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"

static bool is_klp_symbol(const struct elf_symbol *symbol)
{
	return symbol && symbol->shndx == SHN_LIVEPATCH;
}

/*
 * apply_relocate_add() refuses a value that it can't write whole (6.1: "overflow in relocation
 * type"). R_X86_64_32S is sign-extended and reaches the kernel and its modules, which are in the
 * topmost 2 GB; R_X86_64_32 is not sign-extended.
 */
static bool overflows(const struct elf_model *module, const struct elf_rela *rela)
{
	const struct arch_relocation *type = arch_relocation(module->machine, rela->type);
	const struct elf_symbol *symbol = rela->symbol;

	if (!type || !type->low || !symbol || symbol->shndx == SHN_ABS)
		return false;
	return !symbol->section || strcmp(symbol->section->name, ".data..percpu");
}

static void verify_range(const struct elf_model *module, const struct elf_section *section,
			 const struct elf_rela *rela, struct diag *diag)
{
	struct diag_place place = { .file = module->path };
	const struct elf_symbol *user;

	if (!overflows(module, rela))
		return;
	user = module_symbol_at(module, section, rela->offset);
	place.function = user ? user->name : NULL;
	diag_error(diag, "KS206", &place, "%s+%#lx: no address of the kernel fits, nor does '%s'",
		   section->name, rela->offset, rela->symbol->name);
}

static void verify_klp_rela(const struct elf_model *module, const struct elf_section *section,
			    const struct elf_rela *rela, struct diag *diag)
{
	struct diag_place place = { .file = module->path };

	if (!is_klp_symbol(rela->symbol))
		diag_error(diag, "KS221", &place, "%s: refers to '%s', which is no klp symbol",
			   section->name, rela->symbol ? rela->symbol->name : "");
	else
		module_check_klp_rela(module, section->target, rela, diag);
}

static void verify_klp_section(const struct elf_model *module, const struct elf_section *section,
			       struct verify_counts *counts, struct diag *diag)
{
	static const char prefix[] = KLP_RELA_PREFIX KLP_VMLINUX ".";
	struct diag_place place = { .file = module->path };
	const struct elf_rela *rela;

	if (!str_starts(section->name, prefix))
		diag_error(diag, "KS221", &place,
			   "section %s is not for object vmlinux: it would "
			   "be applied only after the module's special sections",
			   section->name);
	if (section->type != SHT_RELA || !section->target) {
		diag_error(diag, "KS221", &place, "section %s relocates nothing", section->name);
		return;
	}
	if (!section_is_loaded(section->target))
		diag_error(diag, "KS221", &place,
			   "section %s: %s is not loaded, so the kernel would skip it",
			   section->name, section->target->name);
	elf_for_each_rela(section, rela) {
		verify_klp_rela(module, section, rela, diag);
		verify_range(module, section->target, rela, diag);
	}
	counts->relocations += section->n_relas;
}

/* Set each symbol's ->resolver to the first klp section that makes the kernel look it up. */
static void find_resolvers(const struct elf_model *module)
{
	const struct elf_section *section, *known;
	const struct elf_rela *rela;

	elf_for_each_section(module, section) {
		if (!(section->flags & SHF_RELA_LIVEPATCH))
			continue;
		elf_for_each_rela(section, rela) {
			known = rela->symbol ? rela->symbol->resolver : NULL;
			if (rela->symbol && (!known || section->index < known->index))
				rela->symbol->resolver = section;
		}
	}
}

/*
 * apply_relocations() goes by section number; an ordinary relocation before the
 * symbol's first klp relocation would use its value before the kernel has looked
 * it up: 0.
 */
static bool is_resolved_before(const struct elf_symbol *symbol, const struct elf_section *section)
{
	return symbol->resolver && symbol->resolver->index < section->rela_index;
}

static void verify_ordinary_section(const struct elf_model *module,
				    const struct elf_section *section, struct verify_counts *counts,
				    struct diag *diag)
{
	struct diag_place place = { .file = module->path };
	const struct elf_symbol *user;
	const struct elf_rela *rela;

	if (str_starts(section->name, KLP_RELA_PREFIX))
		diag_error(diag, "KS221", &place, "section %s lacks the flag SHF_RELA_LIVEPATCH",
			   section->name);
	if (!section_is_loaded(section))
		return;
	elf_for_each_rela(section, rela) {
		verify_range(module, section, rela, diag);
		if (!is_klp_symbol(rela->symbol))
			continue;
		counts->relocations++;
		if (is_resolved_before(rela->symbol, section)) {
			module_check_klp_rela(module, section, rela, diag);
			continue;
		}
		user = module_symbol_at(module, section, rela->offset);
		place.function = user ? user->name : NULL;
		diag_error(diag, "KS221", &place,
			   "%s+%#lx: no klp relocation before this one to '%s'", section->name,
			   rela->offset, rela->symbol->name);
	}
}

void verify_sections(const struct verify_inputs *in, struct verify_counts *counts,
		     struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct elf_section *section;

	find_resolvers(in->module);
	elf_for_each_section(in->module, section) {
		if (!strcmp(section->name, KLP_REFS_SECTION))
			diag_error(diag, "KS228", &place, "section %s", section->name);
		else if (section->flags & SHF_RELA_LIVEPATCH)
			verify_klp_section(in->module, section, counts, diag);
		else
			verify_ordinary_section(in->module, section, counts, diag);
	}
}
