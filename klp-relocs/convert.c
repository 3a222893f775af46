// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch refers to symbols that ordinary modules can't refer to: static symbols, symbols that
 * aren't exported, symbols of other modules. The linker and objtool must see them as ordinary
 * undefined symbols, the module loader must not. So the last step of the build moves these
 * references to sections that the kernel's livepatch code resolves.
 *
 * All of them are in sections for the object "vmlinux", whatever object owns the symbol: these are
 * applied while the module loads (kernel/module/main.c: apply_relocations(), 6.1), before
 * alternatives, paravirt calls, static calls and jump labels are processed; and
 * klp_resolve_symbols() forbids only the opposite, vmlinux's symbols in a module's section.
 *
 * klp_resolve_symbols() looks up the symbol of each klp relocation, and one lookup takes
 * milliseconds (a walk over all of kallsyms before 6.2). So only a symbol's first relocation
 * becomes a klp relocation; the others stay ordinary. klp sections are first in the file, so that
 * the symbol has its value when the others are applied: apply_relocations() goes by section number,
 * apply_relocate_add() takes st_value as it is, and simplify_symbols() leaves SHN_LIVEPATCH alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "klp-relocs/bind.h"
#include "klp-relocs/convert.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "lib/text.h"

static int check_unconverted(const struct elf_model *model, struct diag *diag)
{
	struct diag_place place = { .file = model->path };
	const struct elf_section *section;
	const struct elf_symbol *symbol;

	elf_for_each_section(model, section)
		if (section->flags & SHF_RELA_LIVEPATCH)
			return diag_error(diag, "KS202", &place, "section %s", section->name);
	elf_for_each_symbol(model, symbol)
		if (symbol->shndx == SHN_LIVEPATCH)
			return diag_error(diag, "KS202", &place, "symbol %s", symbol->name);
	return 0;
}

/*
 * The klp symbol with the name of @symbol's identity: @symbol itself, or the
 * one that another undefined symbol with the same identity became.
 */
static struct elf_symbol *make_klp_symbol(struct elf_model *model, struct elf_symbol *symbol,
					  struct diag *diag)
{
	const struct identity *identity = symbol->identity;
	struct elf_symbol *known;
	char *name;

	name = klp_symbol_format(identity->object, identity->name, identity->sympos);
	known = name ? elf_symbol_find(model, name) : NULL;
	if (!known && name && !elf_symbol_rename(model, symbol, name)) {
		known = symbol;
		known->shndx = SHN_LIVEPATCH;
		known->bind = STB_GLOBAL; /* a weak symbol is no longer optional */
		known->other = STV_DEFAULT;
	}
	if (!known)
		diag_oom(diag);
	free(name);
	return known;
}

static int make_klp_symbols(struct elf_model *model, struct diag *diag)
{
	struct elf_symbol *symbol;

	elf_for_each_symbol(model, symbol) {
		if (!symbol->identity)
			continue;
		symbol->identity->klp = make_klp_symbol(model, symbol, diag);
		if (!symbol->identity->klp)
			return -ENOMEM;
	}
	return 0;
}

/* NULL: @rela refers to no klp symbol. */
static struct elf_symbol *klp_symbol_of(const struct elf_rela *rela)
{
	return rela->symbol && rela->symbol->identity ? rela->symbol->identity->klp : NULL;
}

/*
 * ".klp.rela.vmlinux.text" for ".text": klp_apply_section_relocs() reads the
 * object up to the next '.', so a '.' is added to a name that doesn't begin with
 * one.
 */
static struct elf_section *add_klp_section(struct elf_model *model, struct elf_section *target,
					   struct diag *diag)
{
	struct elf_section *klp = NULL;
	char *name;

	name = format(KLP_RELA_PREFIX KLP_VMLINUX "%s%s", *target->name == '.' ? "" : ".",
		      target->name);
	if (name)
		klp = elf_section_add(model, name, SHT_RELA, SHF_RELA_LIVEPATCH | SHF_INFO_LINK, 8,
				      NULL, 0);
	free(name);
	if (klp)
		klp->target = target;
	else
		diag_oom(diag);
	return klp;
}

/* The first relocation to a klp symbol resolves it. */
static int move_rela(struct elf_model *model, struct elf_section *target,
		     const struct elf_rela *rela, struct elf_section **klp, struct diag *diag)
{
	if (!*klp)
		*klp = add_klp_section(model, target, diag);
	if (!*klp)
		return -ENOMEM;
	if (elf_rela_add(*klp, rela->offset, rela->type, rela->symbol, rela->addend))
		return diag_oom(diag);
	rela->symbol->identity->resolved = true;
	return 0;
}

/*
 * Sections that are not loaded hold debugging information. A relocation there
 * would give the address of a symbol of the running kernel, which no file can
 * know. It is dropped, and the debugging information has address 0, as for code
 * that was optimised away.
 */
static int move_relas(struct elf_model *model, struct elf_section *section, struct diag *diag)
{
	struct elf_section *klp = NULL;
	size_t kept = 0;
	int err = 0, one;

	for (size_t i = 0; i < section->n_relas && err != -ENOMEM; i++) {
		struct elf_rela rela = section->relas[i];
		struct elf_symbol *symbol = klp_symbol_of(&rela);

		if (symbol && !section_is_loaded(section))
			continue;
		one = symbol ? module_check_klp_rela(model, section, &rela, diag) : 0;
		rela.symbol = symbol ?: rela.symbol;
		if (symbol && !symbol->identity->resolved)
			one = one ?: move_rela(model, section, &rela, &klp, diag);
		else
			section->relas[kept++] = rela;
		err = one ?: err;
	}
	section->n_relas = kept;
	return err;
}

static int move_all_relas(struct elf_model *model, struct diag *diag)
{
	struct elf_section *section;
	int err = 0, one;

	elf_for_each_section(model, section) {
		if (section->flags & SHF_RELA_LIVEPATCH)
			continue; /* the sections that are being added */
		one = move_relas(model, section, diag);
		if (one == -ENOMEM)
			return one;
		err = one ?: err;
	}
	return err;
}

/*
 * Does an undefined symbol of that name become a klp symbol? A static symbol may have the same
 * name.
 */
static bool becomes_klp(const struct elf_model *model, const char *name)
{
	const struct elf_symbol *symbol = elf_symbol_find(model, name);

	for (; symbol; symbol = symbol->next)
		if (symbol->identity && !strcmp(symbol->name, name))
			return true;
	return false;
}

/* Remove @size bytes at @offset from a section, and adjust its symbols. */
static void cut_out(struct elf_model *model, struct elf_section *section, uint64_t offset,
		    uint64_t size)
{
	struct elf_symbol *symbol;

	memmove(section->data + offset, section->data + offset + size,
		section->size - offset - size);
	section->size -= size;
	elf_for_each_symbol(model, symbol) {
		uint64_t start = symbol->value, end = start + symbol->size;

		if (symbol->section != section)
			continue;
		start -= start >= offset + size ? size : start > offset ? start - offset : 0;
		end -= end >= offset + size ? size : end > offset ? end - offset : 0;
		symbol->value = start;
		symbol->size = end - start;
	}
}

/*
 * modpost writes a checksum for each undefined symbol that it finds in a list of
 * exports. The loader looks checksums up by symbol, so a superfluous one does no
 * harm, but it claims that the module needs an export that it doesn't use.
 *
 * Called before the symbols are renamed.
 */
static void drop_versions(struct elf_model *model)
{
	struct elf_section *versions = elf_section_find(model, "__versions");
	char name[VERSION_SIZE - VERSION_NAME + 1] = "";

	if (!versions || !versions->data || versions->n_relas)
		return;
	for (uint64_t at = 0; at + VERSION_SIZE <= versions->size;) {
		memcpy(name, versions->data + at + VERSION_NAME, VERSION_SIZE - VERSION_NAME);
		if (becomes_klp(model, name))
			cut_out(model, versions, at, VERSION_SIZE);
		else
			at += VERSION_SIZE;
	}
}

/*
 * Remove undefined symbols that were merged into another klp symbol, and klp symbols that nothing
 * uses.
 */
static void remove_leftovers(struct elf_model *model)
{
	struct elf_section *section;
	struct elf_symbol *symbol, *next;
	struct elf_rela *rela;

	elf_for_each_section(model, section)
		elf_for_each_rela(section, rela)
			if (rela->symbol && rela->symbol->identity)
				rela->symbol->identity->used = true;
	for (symbol = model->symbols; symbol; symbol = next) {
		next = symbol->next;
		if (symbol->identity && !symbol->identity->used)
			elf_symbol_remove(model, symbol);
	}
}

int convert(struct elf_model *model, const struct symvers *symvers,
	    const struct providers *providers, struct diag *diag)
{
	struct identity *identities = NULL;
	int err, unresolved, unbound;
	struct elf_symbol *symbol;

	err = module_check_livepatch(model, diag);
	err = err ?: check_unconverted(model, diag);
	err = err ?: refs_read(model, &identities, diag);
	err = err ?: refs_drop(model, diag);
	if (err)
		goto out;
	/* each pass reports all that it finds, so that one run shows everything */
	unresolved = resolve_undefined(model, symvers, providers, &identities, diag);
	unbound = bind_to_main(model, providers, diag);
	drop_versions(model);
	err = make_klp_symbols(model, diag);
	err = err ?: move_all_relas(model, diag);
	err = err ?: unresolved ?: unbound;
	if (!err)
		remove_leftovers(model);
out:
	elf_for_each_symbol(model, symbol)
		symbol->identity = NULL;
	identities_free(identities);
	return err;
}
