// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several functions share a variable: a list, a counter, a lock, a static key. A patch
 * gives one of them a variable of its own. No variable is removed, so nothing looks
 * wrong. But this function no longer finds what the running kernel's variable contains,
 * or what the other functions store there.
 *
 * The shared variable may be defined in this unit or in another one. If the function is
 * unchanged except for the variable, the new variable is refused. If the function has
 * changed in other ways, too, and the new variable has the same type as one that the
 * function no longer uses, this is only a warning: it may be the purpose of the patch.
 *
 * A static local is divided if its function becomes `static inline` in a header, or is
 * copied into another file.
 *
 * The author can declare that a new variable starts anew (KLP_SPLIT_NEW_STATE()).
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/divided.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/type-text.h"
#include "create-diff-object/unit/variables.h"

/*
 * What @code refers to where its twin refers to @new. NULL: the twin doesn't refer to @new, or has
 * another number of references.
 */
static struct atom *replaced_variable(const struct atom *code, const struct atom *new)
{
	const struct reloc *reloc;

	if (code->n_relocs != code->twin->n_relocs)
		return NULL;
	atom_for_each_reloc(code->twin, reloc)
		if (reloc->to == new)
			return code->relocs[reloc - code->twin->relocs].to;
	return NULL;
}

/* If @old and @new were paired: is @code unchanged, and has @new the initial value of @old? */
static bool is_replaced_by(struct unit *original, struct unit *patched, struct atom *old,
			   struct atom *new, struct atom *code)
{
	struct atom *twin = old->twin;
	bool same;

	old->twin = new;
	new->twin = old;
	same = same_as_twin(original, patched, old) &&
	       same_as_twin(original, patched, atom_group(code));
	old->twin = twin;
	new->twin = NULL;
	return same;
}

/*
 * Other code goes on using the old variable, and a function that is otherwise unchanged uses @new.
 * This function wouldn't find what it stored in the old variable.
 */
static void find_replaced(struct unit *original, struct unit *patched, struct atom *new)
{
	struct unit_section *s;
	struct atom *code, *old;

	unit_for_each_section(original, s) {
		section_for_each_atom(s, code) {
			if (new->maybe || !code->twin || !atom_is_code(code) || !is_user(code))
				continue;
			old = replaced_variable(code, new);
			if (old && old->twin && atom_is_state(old) && same_type(old, new) &&
			    is_replaced_by(original, patched, old, new, code))
				new->maybe = old;
		}
	}
}

static bool is_undefined(const struct reloc *reloc)
{
	return !reloc->to && reloc->symbol && reloc->symbol->shndx == SHN_UNDEF;
}

/* If the twin of @code used @symbol of another unit in place of @new: would @code be unchanged? */
static bool replaces_symbol(struct unit *original, struct unit *patched, struct atom *new,
			    struct elf_symbol *symbol, struct atom *code)
{
	size_t size = code->twin->n_relocs * sizeof(struct reloc);
	struct reloc *relocs = code->twin->relocs, *saved = malloc(size), *reloc;
	bool same;

	if (!saved)
		return true; /* refuse @new, which is safe: a copy of the variable could be wrong */
	memcpy(saved, relocs, size);
	for (reloc = relocs; reloc < relocs + code->twin->n_relocs; reloc++) {
		if (reloc->to != new)
			continue;
		reloc->to = NULL;
		reloc->weak = NULL;
		reloc->symbol = symbol;
	}
	same = same_as_twin(original, patched, atom_group(code));
	memcpy(relocs, saved, size);
	free(saved);
	return same;
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
		if (now &&
		    now->to == new &&replaces_symbol(original, patched, new, reloc->symbol, code))
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

/* A shared variable: ->atom if this unit defines it, ->elsewhere if another unit does. */
struct shared {
	const struct atom *atom;
	const char *elsewhere;
};

static bool means(const struct reloc *reloc, const struct shared *shared)
{
	if (shared->atom)
		return reloc->to == shared->atom;
	return is_undefined(reloc) && !strcmp(reloc->symbol->name, shared->elsewhere);
}

/*
 * A use of a variable: the code, and the offset in it. Code doesn't refer to a static key: the
 * entries about the code do.
 */
struct use {
	const struct atom *code;
	uint64_t at;
};

static bool find_use(const struct atom *from, const struct shared *shared, struct use *use)
{
	const struct reloc *reloc;
	bool found = false;

	*use = (struct use){ .code = from };
	atom_for_each_reloc(from, reloc) {
		if (from->kind == ATOM_ENTRY && reloc->to == from->owner)
			*use = (struct use){ from->owner, reloc->at };
		if (means(reloc, shared) && !found) {
			found = true;
			if (from->kind != ATOM_ENTRY)
				use->at = reloc->offset - from->offset;
		}
	}
	return found && atom_is_code(use->code);
}

static bool is_in(struct unit *unit, const struct atom *code, uint64_t at, const char *name)
{
	return !name || !strcmp(source_function(unit, code, at), name);
}

/*
 * Does the code of @group use @shared? @name: only count uses in the function of that name in the
 * source, which may be inlined; NULL: count all uses.
 */
static bool group_uses(struct unit *unit, const struct atom *group, const struct shared *shared,
		       const char *name)
{
	const struct atom *part, *entry;
	const struct reloc *reloc;
	struct use use;

	for (part = group; part; part = part->next_child) {
		atom_for_each_reloc(part, reloc)
			if (means(reloc, shared) &&
			    is_in(unit, part, reloc->offset - part->offset, name))
				return true;
		atom_for_each_entry(part, entry)
			if (find_use(entry, shared, &use) && is_in(unit, use.code, use.at, name))
				return true;
	}
	return false;
}

/*
 * @use is a use of the new variable. Did the same function of the source use @old, and does the
 * twin of @was not use it any more (@now)?
 */
static bool takes_over(struct unit *original, const struct atom *was, const struct shared *old,
		       struct unit *patched, const struct use *use, const struct shared *now)
{
	return !group_uses(patched, was->twin, now, NULL) &&
	       group_uses(original, was, old, source_function(patched, use->code, use->at));
}

/*
 * The type of the variable @name of another unit, as @unit declares it. Caller frees; NULL: it
 * isn't declared.
 */
static char *type_elsewhere(struct unit *unit, const char *name)
{
	Dwarf_Die *cu = NULL, die;

	while ((cu = next_cu(unit, cu))) {
		if (dwarf_child(cu, &die))
			continue;
		do {
			if (dwarf_tag(&die) == DW_TAG_variable && dwarf_diename(&die) &&
			    !strcmp(dwarf_diename(&die), name) &&
			    dwarf_hasattr(&die, DW_AT_declaration))
				return type_text(&die);
		} while (!dwarf_siblingof(&die, &die));
	}
	return NULL;
}

static bool has_type(const struct atom *new, struct unit *original, const char *elsewhere)
{
	char *type = type_elsewhere(original, elsewhere);
	bool same = type && new->declared->type && !strcmp(type, new->declared->type);

	free(type);
	return same;
}

/*
 * Has @new the initial value of @old? If it starts with another value, or is a table of other
 * functions, it isn't a copy of @old.
 */
static bool starts_like(struct unit *original, struct unit *patched, struct atom *old,
			struct atom *new)
{
	struct atom *twin = old->twin;
	bool same;

	old->twin = new;
	new->twin = old;
	same = same_as_twin(original, patched, old);
	old->twin = twin;
	new->twin = NULL;
	return same;
}

/*
 * If another unit defines the old variable, its initial value isn't known here. Then a variable
 * that contains pointers to functions isn't treated as a copy.
 */
static bool has_functions(const struct atom *new)
{
	const struct reloc *reloc;

	atom_for_each_reloc(new, reloc)
		if (!reloc->to || atom_is_code(reloc->to))
			return true;
	return false;
}

/*
 * @reloc is a reference of the original code @was, and @use is where its twin uses @new. Set
 * ->instead_of if @new takes over from the variable that @reloc refers to.
 */
static void check_use(struct unit *original, struct atom *was, const struct reloc *reloc,
		      struct unit *patched, const struct use *use, struct atom *new)
{
	struct shared old = { .atom = reloc->to }, now = { 0 };

	if (reloc->to) {
		if (!atom_is_state(reloc->to) || !reloc->to->twin || !same_type(reloc->to, new) ||
		    !starts_like(original, patched, reloc->to, new))
			return;
		now.atom = reloc->to->twin;
		if (takes_over(original, was, &old, patched, use, &now))
			new->instead_of = atom_name(reloc->to);
		return;
	}
	if (!is_undefined(reloc) || has_functions(new) ||
	    !has_type(new, original, reloc->symbol->name))
		return;
	old.elsewhere = now.elsewhere = reloc->symbol->name;
	if (takes_over(original, was, &old, patched, use, &now))
		new->instead_of = reloc->symbol->name;
}

static void check_group_uses(struct unit *original, struct unit *patched, const struct use *use,
			     struct atom *new)
{
	struct atom *was = atom_group((struct atom *)use->code)->twin, *part;
	const struct reloc *reloc;
	const struct atom *entry;

	for (part = was; part; part = part->next_child) {
		atom_for_each_reloc(part, reloc)
			if (!new->instead_of)
				check_use(original, was, reloc, patched, use, new);
		atom_for_each_entry(part, entry)
			atom_for_each_reloc(entry, reloc)
				if (!new->instead_of)
					check_use(original, was, reloc, patched, use, new);
	}
}

/*
 * A function that has changed in other ways, too, uses @new, and no longer uses a variable of the
 * same type.
 */
static void find_taken_over(struct unit *original, struct unit *patched, struct atom *new)
{
	const struct shared wanted = { .atom = new };
	struct unit_section *s;
	struct atom *from;
	struct use use;

	if (!new->declared || !new->declared->type)
		return;
	unit_for_each_section(patched, s)
		section_for_each_atom(s, from)
			if (is_user(from) && find_use(from, &wanted, &use) &&
			    atom_group(from)->twin && !atom_group(from)->moved_from)
				check_group_uses(original, patched, &use, new);
}

void find_divided(struct unit *original, struct unit *patched, struct atom *new)
{
	find_replaced(original, patched, new);
	find_replaced_elsewhere(original, patched, new);
	if (!new->maybe && !new->maybe_elsewhere)
		find_taken_over(original, patched, new);
}

void warn_of_divided_state(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			if (!atom->included || !atom->instead_of || atom->twin)
				continue;
			place = atom_place(patched, atom);
			diag_warning(diag, "KS177", &place, "'%s' instead of '%s'", atom_name(atom),
				     atom->instead_of);
			tell_users(patched, atom, NULL, diag);
		}
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
