// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several functions share a variable: a list, a counter, a lock, a static key. A patch
 * gives one of them a variable of its own. No variable is removed, so nothing looks
 * wrong. But this function no longer finds what the running kernel's variable contains,
 * or what the other functions store there.
 *
 * The shared variable may be defined in this unit or in another one. If a function, or a
 * constant table, is unchanged except for the variable, at some or all of its places, the
 * new variable is refused. If it has changed in other ways, too, see taken-over.c.
 *
 * A static local is divided if its function becomes `static inline` in a header, or is
 * copied into another file.
 *
 * The author can declare that a new variable starts anew (KLP_SPLIT_NEW_STATE()).
 */
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/divided.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/taken-over.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/uses.h"

/*
 * What @code refers to where its twin refers to @new. NULL: the twin doesn't refer to @new, or has
 * another number of references.
 */
static const struct reloc *replaced_variable(const struct atom *code, const struct atom *new)
{
	const struct reloc *reloc;

	if (code->n_relocs != code->twin->n_relocs)
		return NULL;
	atom_for_each_reloc(code->twin, reloc)
		if (reloc->to == new)
			return &code->relocs[reloc - code->twin->relocs];
	return NULL;
}

/*
 * If the twin of @group referred to @old in place of @new, everywhere: would @group be unchanged?
 * @part: the part of @group from which on its twin still refers to @new.
 */
static bool is_replaced_by(struct unit *original, struct unit *patched, struct atom *new,
			   const struct reloc *old, const struct atom *part, struct atom *group)
{
	struct reloc *relocs, *saved, *reloc;
	size_t size;
	bool same;

	while (part && !part->twin)
		part = part->next_child;
	if (!part)
		return same_as_twin(original, patched, group);
	relocs = part->twin->relocs;
	size = part->twin->n_relocs * sizeof(*relocs);
	saved = malloc(size + 1);
	if (!saved)
		return true; /* refuse it: copying could be wrong */
	memcpy(saved, relocs, size);
	for (reloc = relocs; reloc < relocs + part->twin->n_relocs; reloc++) {
		if (reloc->to != new)
			continue;
		reloc->to = old->to ? old->to->twin : NULL;
		reloc->weak = NULL;
		reloc->symbol = old->symbol;
	}
	same = is_replaced_by(original, patched, new, old, part->next_child, group);
	memcpy(relocs, saved, size);
	free(saved);
	return same;
}

/*
 * Other code goes on using the old variable, and a function or a table that is otherwise unchanged
 * uses @new. It wouldn't find what it stored in the old variable.
 */
static void find_replaced(struct unit *original, struct unit *patched, struct atom *new)
{
	const struct reloc *reloc;
	struct unit_section *s;
	struct atom *from, *old;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, from) {
			if (new->maybe || !from->twin || !is_user(from) ||
			    !(atom_is_code(from) || is_constant(from)))
				continue;
			reloc = replaced_variable(from, new);
			old = reloc ? reloc->to : NULL;
			if (old && old->twin && atom_is_state(old) && same_type(old, new) &&
			    starts_alike(original, patched, old, new) &&
			    is_replaced_by(original, patched, new, reloc, atom_group(from),
					   atom_group(from)))
				new->maybe = old;
		}
	}
}

/* The name of another unit's variable that @code used, and that @new replaces; NULL: none. */
static const char *replaced_elsewhere(struct unit *original, struct unit *patched, struct atom *new,
				      struct atom *code)
{
	bool in_order = code->n_relocs == code->twin->n_relocs;
	const struct reloc *reloc, *now;

	atom_for_each_reloc(code, reloc) {
		if (!is_undefined(reloc))
			continue;
		if (!strcmp(reloc->symbol->name, atom_name(new)))
			return reloc->symbol->name;
		now = in_order ? &code->twin->relocs[reloc - code->relocs] : NULL;
		if (now && now->to == new &&is_replaced_by(original, patched, new, reloc,
							   atom_group(code), atom_group(code)))
			return reloc->symbol->name;
	}
	return NULL;
}

/*
 * The same for a variable that another unit defines. The patched unit has its own variable instead,
 * which has the same name, or is used by a function that is otherwise unchanged. The other unit
 * goes on using the shared variable.
 */
static void find_replaced_elsewhere(struct unit *original, struct unit *patched, struct atom *new)
{
	struct unit_section *s;
	struct atom *code;

	unit_for_each_section(original, s)
		section_for_each_atom(s, code)
			if (!new->maybe && !new->maybe_elsewhere &&
			    code->twin &&atom_is_code(code) && is_user(code))
				new->maybe_elsewhere =
					replaced_elsewhere(original, patched, new, code);
}

int find_divided(struct unit *original, struct unit *patched, const struct words *words,
		 struct atom *new)
{
	find_replaced(original, patched, new);
	find_replaced_elsewhere(original, patched, new);
	if (new->maybe || new->maybe_elsewhere)
		return 0;
	return find_taken_over(original, patched, words, new);
}

static bool has_undefined(const struct unit *unit, const char *name)
{
	const struct elf_symbol *symbol = elf_symbol_find(unit->elf, name);

	return symbol && !symbol->section && symbol->shndx == SHN_UNDEF;
}

/*
 * Does a unit of the object define the global function @name? Then it also has the static locals of
 * that function.
 */
static bool object_has_function(const struct object_index *object, const char *name)
{
	size_t n;
	const struct object_symbol *symbols = object_index_find(object, name, &n);

	for (size_t i = 0; i < n; i++)
		if (symbols[i].type == STT_FUNC && symbols[i].bind != STB_LOCAL)
			return true;
	return false;
}

/*
 * Is the function @name new in the patched unit? If it has a twin, it is the running kernel's
 * function, and its static locals are, too.
 */
static bool is_new_in_patched(const struct unit *patched, const char *name)
{
	const struct elf_symbol *symbol = elf_symbol_find(patched->elf, name);
	const struct atom *atom = symbol && symbol->section
					  ? section_atom_at(symbol->section->priv, symbol->value)
					  : NULL;

	return !atom || !atom->twin;
}

void find_divided_locals(const struct unit *original, struct unit *patched,
			 const struct object_index *object)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			const char *function = atom->declared ? atom->declared->function : NULL;

			if (!function || atom->twin || atom->maybe || atom->maybe_elsewhere ||
			    !atom_is_state(atom) || atom->starts_anew)
				continue;
			if (!is_new_in_patched(patched, function))
				continue;
			if (has_undefined(original, function) ||
			    (object && object_has_function(object, function)))
				atom->maybe_elsewhere = atom_name(atom);
		}
}
