// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An object file contains no addresses, and places and names change from one build
 * to the next. So the bytes of a function alone don't tell whether it has changed.
 *
 * Two functions are the same if their bytes are equal and if they refer to the same
 * things, wherever these are placed now. Strings are compared by content, functions
 * and variables by their twins. Constants and variables are compared in the same
 * way. compare.c decides what follows from a difference.
 */
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/same.h"
#include "create-diff-object/unit/variables.h"

/* If constants that refer to constants nest deeper than this, they count as different. */
#define MAX_DEPTH 32

/* The length of the string at offset @at of @atom. If it isn't a string, that of the rest. */
static size_t string_length(const struct atom *atom, int64_t at)
{
	const struct elf_section *section = atom->section->elf;
	size_t left = atom->size - at, unit_size = section->entsize ? section->entsize : 1, i, k;
	const unsigned char *data = atom_data(atom) + at;

	if (!(section->flags & SHF_STRINGS))
		return left;
	for (i = 0; i + unit_size <= left; i += unit_size) {
		for (k = 0; k < unit_size && !data[i + k]; k++)
			;
		if (k == unit_size)
			return i;
	}
	return left;
}

static bool same_string(const struct atom *a, int64_t at_a, const struct atom *b, int64_t at_b)
{
	const unsigned char *x, *y;
	size_t length, other;

	if (at_a < 0 || at_b < 0 || (uint64_t)at_a > a->size || (uint64_t)at_b > b->size ||
	    a->section->elf->entsize != b->section->elf->entsize)
		return false;
	x = atom_data(a) + at_a;
	y = atom_data(b) + at_b;
	length = string_length(a, at_a);
	other = string_length(b, at_b);
	return length == other && !memcmp(x, y, length);
}

static bool same_relocs(const struct atom *a, const struct atom *b, unsigned int depth);

static bool is_zero(const unsigned char *data, uint64_t size)
{
	while (size--)
		if (data[size])
			return false;
	return true;
}

static bool same_bytes(const struct atom *a, const struct atom *b)
{
	const unsigned char *x = atom_data(a), *y = atom_data(b);
	uint64_t size = a->size - a->landing;

	if (size != b->size - b->landing)
		return false;
	if (!x != !y) /* .bss has no data in the file: __read_mostly moves zeroes out of it */
		return is_zero(x ?: y, size);
	return !x || !memcmp(x + a->landing, y + b->landing, size);
}

static bool same_entries(const struct atom *a, const struct atom *b, unsigned int depth);

/*
 * Entries about a fragment (a slow path, for example) refer back to it. So pair the two fragments
 * while their entries are compared.
 */
static bool same_fragment(struct atom *a, struct atom *b, unsigned int depth)
{
	bool same;

	a->twin = b;
	b->twin = a;
	same = same_bytes(a, b) && same_relocs(a, b, depth) && same_entries(a, b, depth);
	a->twin = b->twin = NULL;
	return same;
}

static bool same_content(struct atom *a, int64_t at_a, struct atom *b, int64_t at_b,
			 unsigned int depth)
{
	if (a->kind != b->kind || depth > MAX_DEPTH)
		return false;
	if (a->kind == ATOM_STRING)
		return same_string(a, at_a, b, at_b);
	if (a->symbol && (!b->symbol || name_compare(a->symbol->name, b->symbol->name)))
		return false;
	if (at_a != at_b || atom_section_kind(a) != atom_section_kind(b))
		return false;
	if (a->kind == ATOM_FRAGMENT)
		return same_fragment(a, b, depth + 1);
	return same_bytes(a, b) && same_relocs(a, b, depth + 1);
}

static bool same_symbol(const struct elf_symbol *a, const struct elf_symbol *b)
{
	if (!a || !b || !a->section != !b->section)
		return false;
	return !strcmp(a->name, b->name) &&
	       (!a->section || !strcmp(a->section->name, b->section->name));
}

/*
 * Does the offset @at of @a mean the same place as the offset @other of @b? GCC puts an ENDBR at
 * the start of a static function if the address of the function is used. The function is still the
 * same, but everything in it moves. Code that uses the address gets the address of the original
 * function; klp-relocs verify checks this in the linked module.
 */
static bool same_place(const struct atom *a, int64_t at, const struct atom *b, int64_t other)
{
	if (a->landing == b->landing || !at || !other)
		return at == other;
	return at - (int64_t)a->landing == other - (int64_t)b->landing;
}

static bool same_target(const struct reloc *a, const struct reloc *b, unsigned int depth)
{
	if (!a->to != !b->to)
		return same_moved(a, b);
	if (!a->to)
		return a->at == b->at && same_symbol(a->symbol, b->symbol);
	if (!a->weak != !b->weak || (a->weak && strcmp(a->weak->name, b->weak->name)))
		return false;
	if (a->to->twin == b->to)
		return same_place(a->to, a->at, b->to, b->at);
	return atom_is_known_by_content(a->to) && atom_is_known_by_content(b->to) &&
	       same_content(a->to, a->at, b->to, b->at, depth);
}

bool means_the_same(const struct reloc *a, const struct reloc *b)
{
	return a->type == b->type && same_target(a, b, 0);
}

static bool is_global_without_twin(const struct atom *atom)
{
	return atom && !atom->twin && atom->symbol && atom->symbol->bind == STB_GLOBAL &&
	       (atom->kind == ATOM_FUNCTION || atom->kind == ATOM_DATA);
}

/*
 * A table refers to a global function or variable that the diff moves from or to another file.
 * Before and after, this is the kernel's only symbol of that name. kpatch-build checks the move
 * itself.
 */
static bool same_global_elsewhere(const struct reloc *a, const struct reloc *b)
{
	const struct elf_symbol *here, *there;

	if (!a->to == !b->to || !is_global_without_twin(a->to ?: b->to))
		return false;
	here = (a->to ?: b->to)->symbol;
	there = a->to ? b->symbol : a->symbol;
	return there && !there->section && there->shndx == SHN_UNDEF && a->at == b->at &&
	       !strcmp(here->name, there->name);
}

static bool same_relocs(const struct atom *a, const struct atom *b, unsigned int depth)
{
	size_t i;

	if (a->n_relocs != b->n_relocs)
		return false;
	for (i = 0; i < a->n_relocs; i++) {
		const struct reloc *x = &a->relocs[i], *y = &b->relocs[i];

		if (!same_place(a, x->offset - a->offset, b, y->offset - b->offset) ||
		    x->type != y->type ||
		    !(same_target(x, y, depth) ||
		      (a->kind == ATOM_DATA && same_global_elsewhere(x, y))))
			return false;
	}
	return true;
}

static const struct atom *next_compared(const struct atom *entry)
{
	while (entry && (entry->section->rule->derived || entry->ignored))
		entry = entry->next_entry;
	return entry;
}

/*
 * Entries tell the kernel how to patch the code. With an entry for another static key, the function
 * has changed.
 */
static bool same_entries(const struct atom *a, const struct atom *b, unsigned int depth)
{
	const struct atom *x = next_compared(a->entries), *y = next_compared(b->entries);

	for (; x && y; x = next_compared(x->next_entry), y = next_compared(y->next_entry)) {
		const struct section_rule *rule = x->section->rule;

		/* one rule may cover several sections, each with the list for another variable */
		if (rule != y->section->rule ||
		    strcmp(x->section->elf->name, y->section->elf->name) ||
		    !same_relocs(x, y, depth) || !same_bytes(x, y))
			return false;
	}
	return !x && !y;
}

bool same_code(const struct atom *a, const struct atom *b)
{
	return same_bytes(a, b) && same_relocs(a, b, 0) && same_entries(a, b, 0);
}

/* Is @symbol the name of a BTF id in @atom? *@at: the offset of that id. */
static bool is_btf_id_in(const struct atom *atom, const struct elf_symbol *symbol, uint64_t *at)
{
	*at = symbol->value - atom->offset;
	return symbol->section == atom->section->elf && name_is_of_btf_id(symbol->name) &&
	       !name_is_of_btf_set(symbol->name) && *at < atom->size;
}

static bool has_btf_id(const struct unit *unit, const struct atom *atom, uint64_t at,
		       const char *name)
{
	const struct elf_symbol *symbol;
	uint64_t its;

	elf_for_each_symbol(unit->elf, symbol)
		if (is_btf_id_in(atom, symbol, &its) && its == at &&
		    name_is_same_btf_id(symbol->name, name))
			return true;
	return false;
}

static bool has_all_btf_ids(const struct unit *unit, const struct atom *atom,
			    const struct unit *other, const struct atom *twin)
{
	const struct elf_symbol *symbol;
	uint64_t at;

	elf_for_each_symbol(other->elf, symbol)
		if (is_btf_id_in(twin, symbol, &at) && !has_btf_id(unit, atom, at, symbol->name))
			return false;
	return true;
}

/*
 * A list of BTF ids contains zeroes until vmlinux is linked. For each id, a symbol says which type
 * it will be. So two lists are equal if these symbols are.
 */
static bool same_btf_ids(const struct unit *original, const struct atom *a,
			 const struct unit *patched, const struct atom *b)
{
	if (strcmp(b->section->elf->name, BTF_IDS_SECTION))
		return true;
	return has_all_btf_ids(original, a, patched, b) && has_all_btf_ids(patched, b, original, a);
}

/*
 * The alignment of @atom is that of its section if no other atom is in it (-fdata-sections). If
 * variables share a section, only the strictest alignment is known, but not which of them needs it.
 * Then return 0.
 */
static uint64_t alignment(const struct atom *atom)
{
	return atom->section->n_atoms == 1 ? atom->section->elf->align : 0;
}

uint64_t comparable_alignment(const struct atom *atom, const struct atom *other)
{
	if (alignment(atom) && alignment(other))
		return alignment(atom);
	return declared_alignment(atom);
}

bool has_to_move(const struct atom *original, const struct atom *patched)
{
	if (patched->twin == original && needs_aligned_section(patched))
		return true;
	return comparable_alignment(patched, original) > comparable_alignment(original, patched);
}

bool same_data(const struct unit *original, const struct atom *a, const struct unit *patched,
	       const struct atom *b)
{
	return a->size == b->size && !has_to_move(a, b) && same_bytes(a, b) &&
	       same_relocs(a, b, 0) && same_btf_ids(original, a, patched, b);
}

bool same_as_twin(struct unit *original, struct unit *patched, struct atom *atom)
{
	const struct atom *a, *b;

	if (!atom->twin)
		return false;
	if (!atom_is_code(atom))
		return same_data(original, atom, patched, atom->twin);
	for (a = atom, b = atom->twin; a && b; a = a->next_child, b = b->next_child)
		if (a->twin != b || !same_code(a, b))
			return false;
	return !a && !b;
}
