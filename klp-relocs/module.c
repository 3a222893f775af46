// SPDX-License-Identifier: GPL-2.0-or-later
/* What convert, show and verify ask about a module. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/klp-format.h"
#include "lib/modinfo.h"
#include "klp-relocs/module.h"

#define USES_SHOWN 5

const char *module_info_next(const struct elf_model *model, const char *tag, size_t *at)
{
	const struct elf_section *section = elf_section_find(model, ".modinfo");

	if (!section || !section->data)
		return NULL;
	return modinfo_next(section->data, section->size, tag, at);
}

const char *module_info(const struct elf_model *model, const char *tag)
{
	size_t at = 0;

	return module_info_next(model, tag, &at);
}

int module_check_livepatch(const struct elf_model *model, struct diag *diag)
{
	struct diag_place place = { .file = model->path };

	/* kernel/module/main.c: check_modinfo_livepatch() accepts any value */
	if (module_info(model, "livepatch"))
		return 0;
	return diag_error(diag, "KS201", &place, "its modinfo has no livepatch=");
}

bool module_is_main(const struct elf_model *model)
{
	const char *patch = module_info(model, "klp_split_patch");
	const char *name = module_info(model, "name");

	return patch && name && !strcmp(name, patch);
}

/*
 * modpost writes file names ("md-mod"), the kernel module names ("md_mod"): '-' and '_' are the
 * same.
 */
static bool starts_with_module(const char *text, const char *name)
{
	for (; *name; name++, text++)
		if (*text != *name && !(*text == '-' && *name == '_'))
			return false;
	return *text == ',' || !*text;
}

bool module_list_has(const char *list, const char *name)
{
	for (const char *at = list; at && *at; at = strchr(at, ',') ?: "") {
		if (*at == ',')
			at++;
		if (starts_with_module(at, name))
			return true;
	}
	return false;
}

bool symbol_is_undefined(const struct elf_symbol *symbol)
{
	return !symbol->section && symbol->shndx == SHN_UNDEF;
}

bool section_is_loaded(const struct elf_section *section)
{
	return section->flags & SHF_ALLOC;
}

const struct elf_symbol *module_symbol_at(const struct elf_model *model,
					  const struct elf_section *section, uint64_t offset)
{
	const struct elf_symbol *symbol;

	elf_for_each_symbol(model, symbol)
		if (symbol->section == section &&
		    (symbol->type == STT_FUNC || symbol->type == STT_OBJECT) &&
		    offset >= symbol->value && offset - symbol->value < symbol->size)
			return symbol;
	return NULL;
}

/* The section that @section relocates; NULL if it isn't loaded code or data. */
static const struct elf_section *relocated_by(const struct elf_section *section)
{
	const struct elf_section *target = section;

	if (section->flags & SHF_RELA_LIVEPATCH)
		target = section->target;
	if (!target || !section_is_loaded(target) || !strcmp(target->name, KLP_REFS_SECTION))
		return NULL;
	return target;
}

static void tell_use(const struct elf_model *model, const struct elf_section *section,
		     uint64_t offset, struct diag *diag)
{
	const struct elf_symbol *user = module_symbol_at(model, section, offset);

	if (user)
		diag_detail(diag, "used by %s (%s+%#lx)", user->name, section->name, offset);
	else
		diag_detail(diag, "used by %s+%#lx", section->name, offset);
}

void module_tell_uses(const struct elf_model *model, const struct elf_symbol *symbol,
		      struct diag *diag)
{
	const struct elf_section *section, *target;
	const struct elf_rela *rela;
	size_t n = 0;

	elf_for_each_section(model, section) {
		target = relocated_by(section);
		if (!target)
			continue;
		elf_for_each_rela(section, rela)
			if (rela->symbol == symbol && ++n <= USES_SHOWN)
				tell_use(model, target, rela->offset, diag);
	}
	if (n > USES_SHOWN)
		diag_detail(diag, "and in %zu more places", n - USES_SHOWN);
}

static bool is_zero(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

int module_check_klp_rela(const struct elf_model *model, const struct elf_section *target,
			  const struct elf_rela *rela, struct diag *diag)
{
	const struct arch_relocation *type = arch_relocation(model->machine, rela->type);
	struct diag_place place = { .file = model->path };
	const char *code, *symbol = rela->symbol ? rela->symbol->name : "";
	const struct elf_symbol *user;
	char buffer[32];

	if (!type || !type->loader)
		code = "KS206";
	/* the model has checked that the bytes are inside the section */
	else if (target->data && !is_zero(target->data + rela->offset, type->width))
		code = "KS207";
	else
		return 0;

	user = module_symbol_at(model, target, rela->offset);
	place.function = user ? user->name : NULL;
	return diag_error(diag, code, &place, "%s+%#lx: %s to '%s'", target->name, rela->offset,
			  relocation_name(model, rela->type, buffer), symbol);
}

enum arch_branch module_branch(const struct elf_model *model, const struct elf_section *section,
			       const struct elf_rela *rela, unsigned int *opcode)
{
	if (!(section->flags & SHF_EXECINSTR))
		return ARCH_NO_BRANCH;
	return arch_branch_at(model->machine, rela->type, section->data, rela->offset, opcode);
}

const char *relocation_name(const struct elf_model *model, uint32_t type, char buffer[32])
{
	const struct arch_relocation *known = arch_relocation(model->machine, type);

	if (known)
		return known->name;
	snprintf(buffer, 32, "%u", type);
	return buffer;
}

uint64_t module_read_word(const struct elf_model *model, const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return model->encoding == ELFDATA2LSB ? le64toh(word) : be64toh(word);
}

const char *module_read_string(const struct elf_rela *rela)
{
	const struct elf_section *section = rela->symbol ? rela->symbol->section : NULL;
	uint64_t offset;

	if (!section || !section->data ||
	    __builtin_add_overflow(rela->symbol->value, rela->addend, &offset) ||
	    offset >= section->size ||
	    !memchr(section->data + offset, '\0', section->size - offset))
		return NULL;
	return (const char *)section->data + offset;
}
