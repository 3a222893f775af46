// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A symbol's section and a relocation's target are indices and offsets in the
 * file, and may have any value. After this file they are pointers, and offsets
 * lie inside their section.
 */
#include <stdlib.h>

#include "lib/elf-load.h"
#include "lib/arch.h"
#include "lib/elf-load-symbols.h"

/* Find the section of a symbol; *@kept is false for the section symbol of a table. */
static int find_symbol_section(struct loader *l, size_t index, const char *name,
			       const GElf_Sym *sym, Elf32_Word xindex, struct elf_section **section,
			       bool *kept)
{
	size_t shndx = sym->st_shndx == SHN_XINDEX ? xindex : sym->st_shndx;

	*section = NULL;
	*kept = true;
	if (sym->st_shndx == SHN_XINDEX && !xindex)
		return damaged(l, "KS913", "symbol %zu (%s): no table says in which section", index,
			       name);
	if (sym->st_shndx >= SHN_LORESERVE && sym->st_shndx != SHN_XINDEX) {
		if (sym->st_shndx == SHN_ABS || sym->st_shndx == SHN_COMMON ||
		    sym->st_shndx == SHN_LIVEPATCH)
			return 0;
		return damaged(l, "KS916", "symbol %zu (%s): special section %#x", index, name,
			       sym->st_shndx);
	}
	if (shndx == SHN_UNDEF)
		return 0;
	if (shndx >= l->shnum)
		return damaged(l, "KS913", "symbol %zu (%s): there is no section %zu", index, name,
			       shndx);
	*section = l->sections[shndx];
	if (!*section) {
		*kept = false;
		if (GELF_ST_TYPE(sym->st_info) != STT_SECTION)
			return damaged(l, "KS913", "symbol %zu (%s): lies in a table", index, name);
	}
	return 0;
}

static int load_symbol(struct loader *l, size_t index, Elf_Data *data, Elf_Data *xdata)
{
	struct elf_section *section;
	struct elf_symbol *symbol;
	Elf32_Word xindex = 0;
	const char *name;
	uint64_t end;
	GElf_Sym sym;
	bool kept;
	int err;

	if (!gelf_getsymshndx(data, xdata, index, &sym, &xindex))
		return damaged(l, "KS913", "symbol %zu: %s", index, elf_errmsg(-1));
	name = loader_get_name(l, l->strtab, sym.st_name);
	if (!name)
		return damaged(l, "KS913", "symbol %zu: no valid name", index);
	if (GELF_ST_TYPE(sym.st_info) == STT_SECTION)
		name = "";
	err = find_symbol_section(l, index, name, &sym, xindex, &section, &kept);
	if (err || !kept)
		return err;
	if (section &&
	    (__builtin_add_overflow(sym.st_value, sym.st_size, &end) || end > section->size))
		return damaged(l, "KS913", "symbol %zu (%s): extends beyond section %s", index,
			       name, section->name);

	symbol = elf_symbol_add(l->model, name, GELF_ST_BIND(sym.st_info),
				GELF_ST_TYPE(sym.st_info), section, sym.st_value, sym.st_size);
	if (!symbol)
		return diag_oom(l->diag);
	symbol->other = sym.st_other;
	symbol->shndx = section ? 0 : sym.st_shndx;
	symbol->index = index;
	l->symbols[index] = symbol;
	return 0;
}

int loader_read_symbols(struct loader *l)
{
	Elf_Data *data, *xdata = NULL;
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err;

	if (!l->symtab)
		return 0;
	err = loader_get_shdr(l, l->symtab, &scn, &shdr);
	if (err)
		return err;
	data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf || shdr.sh_entsize != sizeof(Elf64_Sym) ||
	    shdr.sh_size % sizeof(Elf64_Sym) || data->d_size != shdr.sh_size)
		return damaged(l, "KS913", "it is not in the file");
	l->n_symbols = shdr.sh_size / sizeof(Elf64_Sym);
	if (l->xindex) {
		err = loader_get_shdr(l, l->xindex, &scn, &shdr);
		if (err)
			return err;
		xdata = elf_getdata(scn, NULL);
		if (!xdata || shdr.sh_link != l->symtab)
			return damaged(l, "KS913", "section %zu: it doesn't fit the symbol table",
				       l->xindex);
	}

	l->symbols = calloc(l->n_symbols, sizeof(*l->symbols));
	if (!l->symbols)
		return diag_oom(l->diag);
	for (size_t i = 1; i < l->n_symbols; i++) {
		err = load_symbol(l, i, data, xdata);
		if (err)
			return err;
	}
	return 0;
}

/* A rela must not write beyond the section that it relocates. */
static int check_rela(struct loader *l, const struct elf_section *section, const GElf_Rela *rela)
{
	uint32_t type = GELF_R_TYPE(rela->r_info);
	const struct arch_relocation *known = arch_relocation(l->model->machine, type);
	uint64_t end;

	if (!known && arch_is_known(l->model->machine))
		return damaged(l, "KS914", "%s+%#lx: unknown relocation type %u", section->name,
			       rela->r_offset, type);
	if (__builtin_add_overflow(rela->r_offset, known ? known->width : 0, &end) ||
	    end > section->size || (section->type == SHT_NOBITS && end))
		return damaged(l, "KS914", "%s+%#lx: beyond the end of the section", section->name,
			       rela->r_offset);
	return 0;
}

static int load_rela(struct loader *l, struct elf_section *holder, const struct elf_section *target,
		     const GElf_Rela *rela)
{
	size_t index = GELF_R_SYM(rela->r_info);
	struct elf_symbol *symbol = NULL;
	int err;

	err = check_rela(l, target, rela);
	if (err)
		return err;
	if (index) {
		if (index >= l->n_symbols || !l->symbols[index])
			return damaged(l, "KS914", "%s+%#lx: there is no symbol %zu", target->name,
				       rela->r_offset, index);
		symbol = l->symbols[index];
	}
	if (elf_rela_add(holder, rela->r_offset, GELF_R_TYPE(rela->r_info), symbol, rela->r_addend))
		return diag_oom(l->diag);
	return 0;
}

/*
 * Attach the relas of section @index to the section that they relocate; a klp section keeps its
 * own.
 */
static int load_relas(struct loader *l, size_t index)
{
	struct elf_section *target, *holder;
	GElf_Shdr shdr;
	GElf_Rela rela;
	Elf_Data *data;
	Elf_Scn *scn;
	int err;

	err = loader_get_shdr(l, index, &scn, &shdr);
	if (err)
		return err;
	if (shdr.sh_type != SHT_RELA)
		return 0;

	target = shdr.sh_info < l->shnum ? l->sections[shdr.sh_info] : NULL;
	if (!target || (target->flags & SHF_RELA_LIVEPATCH))
		return damaged(l, "KS914", "section %zu relocates section %u, which doesn't exist",
			       index, shdr.sh_info);
	if (shdr.sh_link != l->symtab)
		return damaged(l, "KS914", "section %zu refers to another symbol table", index);
	data = elf_getdata(scn, NULL);
	if (!data || shdr.sh_entsize != sizeof(Elf64_Rela) || shdr.sh_size % sizeof(Elf64_Rela) ||
	    data->d_size != shdr.sh_size || (shdr.sh_size && !data->d_buf))
		return damaged(l, "KS914", "section %zu is not in the file", index);

	holder = l->sections[index] ?: target;
	if (holder != target) {
		holder->target = target;
	} else {
		target->rela_flags = shdr.sh_flags;
		target->rela_index = index;
	}
	if (elf_rela_reserve(holder, shdr.sh_size / sizeof(Elf64_Rela)))
		return diag_oom(l->diag);
	for (size_t i = 0; i < shdr.sh_size / sizeof(Elf64_Rela); i++) {
		if (!gelf_getrela(data, i, &rela))
			return damaged(l, "KS914", "section %zu: %s", index, elf_errmsg(-1));
		err = load_rela(l, holder, target, &rela);
		if (err)
			return err;
	}
	return 0;
}

int loader_read_relas(struct loader *l)
{
	int err = 0;

	for (size_t i = 1; i < l->shnum && !err; i++)
		err = load_relas(l, i);
	return err;
}
