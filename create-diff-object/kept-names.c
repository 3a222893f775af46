// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "section + 64" may be the end of one variable or the beginning of another
 * (ambiguous.c). The compiler wrote a name there. The assembler removed it,
 * because the symbol is local. So the same text, assembled once more with these
 * symbols made global, says which variable is meant: there is a relocation with
 * a name at the same place.
 *
 * It counts only if it is at the same place, of the same type, and for the same
 * address.
 */
#include <string.h>

#include "create-diff-object/passes.h"

/* The only section of that name, if it has the same size; else NULL. */
static const struct elf_section *section_like(const struct elf_model *named,
					      const struct elf_section *section)
{
	const struct elf_section *s, *found = NULL;

	elf_for_each_section(named, s) {
		if (strcmp(s->name, section->name))
			continue;
		if (found)
			return NULL;
		found = s;
	}
	return found && found->size == section->size ? found : NULL;
}

static const struct elf_symbol *name_at(const struct elf_section *section,
					const struct reloc *reloc)
{
	const struct elf_rela *rela;

	elf_for_each_rela(section, rela)
		if (rela->offset == reloc->offset && rela->type == reloc->type && rela->symbol &&
		    rela->symbol->type != STT_SECTION && rela->symbol->section &&
		    (int64_t)rela->symbol->value + rela->addend + reloc->bias ==
			    (int64_t)reloc->to->offset + reloc->at)
			return rela->symbol;
	return NULL;
}

/* The variable of @s that has this name, at this place. */
static struct atom *atom_of(const struct unit_section *s, const struct elf_symbol *symbol)
{
	struct atom *atom = section_atom_at(s, (int64_t)symbol->value);

	return atom && atom->offset == symbol->value && atom->symbol &&
			       !strcmp(atom->symbol->name, symbol->name)
		       ? atom
		       : NULL;
}

static void take_name(struct reloc *reloc, const struct elf_section *section)
{
	const struct elf_symbol *symbol = name_at(section, reloc);
	const struct unit_section *s = reloc->to->section;
	struct atom *meant = NULL;

	if (symbol && !strcmp(symbol->section->name, s->elf->name))
		meant = atom_of(s, symbol);
	if (!meant)
		return;
	reloc->at += (int64_t)(reloc->to->offset - meant->offset);
	reloc->to = meant;
	reloc->by_section = false;
}

int take_kept_names(struct unit *patched, const char *path, struct diag *diag)
{
	const struct elf_section *section;
	struct elf_model *named;
	struct unit_section *s;
	struct reloc *reloc;
	int err = elf_model_load(path, &named, diag);

	if (err)
		return err;
	unit_for_each_section(patched, s) {
		section = s->n_relocs ? section_like(named, s->elf) : NULL;
		for (reloc = s->relocs; section && reloc < s->relocs + s->n_relocs; reloc++)
			if (reloc->to && reloc->by_section)
				take_name(reloc, section);
	}
	elf_model_free(named);
	return 0;
}
