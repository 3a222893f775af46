// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff adds a __weak function, and another unit of the running object has a
 * strong one of that name: the linker would drop the new one. Calls from this
 * unit mean the strong one, so the name becomes what it is in the linked
 * kernel: an undefined symbol of this unit.
 *
 * The linker has dropped existing weak functions in the same way. A change in
 * such a function never runs, and is left out (KS363).
 */
#include "create-diff-object/unit/places.h"
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

static bool is_weak(const struct atom *atom)
{
	return atom->symbol && atom->symbol->bind == STB_WEAK;
}

static bool is_overridden(const struct atom *atom, const struct object_index *object)
{
	return is_weak(atom) && (!atom->twin || is_weak(atom->twin)) &&
	       (atom->kind == ATOM_FUNCTION || (atom->kind == ATOM_DATA && !atom->twin)) &&
	       has_strong(object, atom->symbol->name);
}

static void leave_out(struct atom *function)
{
	struct atom *part;

	for (part = function; part; part = part->next_child)
		part->overridden = true;
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
				leave_out(atom);
				if (!atom->twin)
					refer_elsewhere(patched, atom);
			}
}
