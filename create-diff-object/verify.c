// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything before this pass may have a bug, and a faulty livepatch would be
 * found out on a production machine. So the output is read back and checked by
 * rules that don't depend on how it was made:
 *
 * - each change is in it, once;
 * - it has no variable that the running kernel has too;
 * - all references lead into the output, or are undefined on purpose.
 */
#include <errno.h>
#include <string.h>

#include "lib/klp-format.h"
#include "create-diff-object/passes.h"

struct check {
	struct unit *unit;
	struct elf_model *elf;
	struct diag *diag;
	int err;
};

static void fail(struct check *check, const char *what, const char *name)
{
	check->err = diag_error(check->diag, "KS122", NULL, "%s: '%s'", what, name);
}

static bool is_referred_to(const struct unit *unit, const char *name)
{
	const struct reference *ref;

	for (ref = unit->references; ref; ref = ref->next)
		if (!strcmp(ref->symbol, name))
			return true;
	return false;
}

static void check_symbols(struct check *check)
{
	struct elf_symbol *symbol;

	elf_for_each_symbol(check->elf, symbol) {
		if (symbol->section || symbol->type == STT_FILE)
			continue;
		if (symbol->shndx != SHN_UNDEF || !is_referred_to(check->unit, symbol->name))
			fail(check, "undefined without a reason", symbol->name);
	}
}

static void check_relas(struct check *check, size_t *n)
{
	struct elf_section *section;
	struct elf_rela *rela;

	elf_for_each_section(check->elf, section) {
		*n += section->n_relas;
		elf_for_each_rela(section, rela) {
			const struct elf_symbol *symbol = rela->symbol;

			if (!symbol)
				fail(check, "a relocation without a symbol in", section->name);
			else if (symbol->section &&
				 !elf_section_find(check->elf, symbol->section->name))
				fail(check, "refers to a dropped section", section->name);
		}
	}
}

/* Compare the content, and the number of relocations, with the model. */
static void check_atom(struct check *check, const struct atom *atom, size_t *relas, size_t *funcs)
{
	const struct reloc *reloc;

	if (!atom->included) {
		if (atom->kind == ATOM_FUNCTION && atom->changed)
			fail(check, "changed, but not in the output", atom_name(atom));
		return;
	}
	atom_for_each_reloc(atom, reloc)
		*relas += reloc->type != 0;
	if (atom->kind == ATOM_DATA && atom->twin && atom_is_writable(atom))
		fail(check, "exists in the running kernel, and again here", atom_name(atom));
	if (atom->kind == ATOM_ENTRY && atom->owner && !atom->owner->included)
		fail(check, "an entry about code that isn't here", atom_name(atom));
	if (atom->pair && !atom->pair->included)
		fail(check, "an entry without its partner", atom_name(atom));
	if (atom->kind != ATOM_FUNCTION)
		return;
	if (!elf_symbol_find(check->elf, atom_name(atom)))
		fail(check, "included, but not in the output", atom_name(atom));
	*funcs += atom_is_redirected(atom);
}

static size_t table_entries(struct check *check, const char *name, size_t entry)
{
	struct elf_section *section = elf_section_find(check->elf, name);

	if (section && section->size % entry)
		fail(check, "not a whole number of entries", name);
	return section ? section->size / entry : 0;
}

static void check_counts(struct check *check, size_t relas)
{
	size_t expected = 0, funcs = 0, refs = 0;
	struct reference *ref;
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(check->unit, s)
		section_for_each_atom(s, atom)
			check_atom(check, atom, &expected, &funcs);
	for (ref = check->unit->references; ref; ref = ref->next)
		refs += !!ref->object;
	if (table_entries(check, KLP_FUNCS_SECTION, KLP_FUNCS_ENTRY_SIZE) != funcs)
		fail(check, "doesn't list each changed function once", KLP_FUNCS_SECTION);
	if (table_entries(check, KLP_REFS_SECTION, KLP_REFS_ENTRY_SIZE) != refs)
		fail(check, "doesn't list each reference once", KLP_REFS_SECTION);
	if (relas != expected + 2 * funcs + 3 * refs)
		fail(check, "relocations were lost or added", check->elf->path);
}

int verify_output(struct unit *patched, const char *path, struct diag *diag)
{
	struct check check = { .unit = patched, .diag = diag };
	size_t relas = 0;
	int err;

	err = elf_model_load(path, &check.elf, diag);
	if (err)
		return err;
	check_symbols(&check);
	check_relas(&check, &relas);
	check_counts(&check, relas);
	elf_model_free(check.elf);
	return check.err;
}
