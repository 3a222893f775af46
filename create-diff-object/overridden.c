// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff adds a __weak function, and another unit of the running object has a
 * strong one of that name: the linker would drop the new one. Code of this unit
 * that calls it means the other, so here it becomes what it is in the linked
 * kernel: a name that this unit only refers to.
 */
#include "create-diff-object/passes.h"

static bool has_strong(const struct object_index *object, const char *name)
{
	const struct object_symbol *symbols;
	size_t n;

	symbols = object_index_find(object, name, &n);
	for (size_t i = 0; i < n; i++)
		if (symbols[i].bind == STB_GLOBAL)
			return true;
	return false;
}

static bool is_overridden(const struct atom *atom, const struct object_index *object)
{
	return !atom->twin && atom->symbol && atom->symbol->bind == STB_WEAK &&
	       (atom->kind == ATOM_FUNCTION || atom->kind == ATOM_DATA) &&
	       has_strong(object, atom->symbol->name);
}

static void refer_elsewhere(struct unit *patched, const struct atom *atom)
{
	struct unit_section *s;
	struct reloc *reloc;

	atom->symbol->section = NULL;
	atom->symbol->shndx = SHN_UNDEF;
	unit_for_each_section(patched, s)
		for (reloc = s->relocs; reloc < s->relocs + s->n_relocs; reloc++)
			if (reloc->to == atom && !reloc->by_section) {
				reloc->to = NULL;
				reloc->symbol = atom->symbol;
			}
}

void drop_overridden(struct unit *patched, const struct object_index *object)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (is_overridden(atom, object)) {
				atom->overridden = true;
				refer_elsewhere(patched, atom);
			}
}
