// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where does a function end and the next one begin? With function and data
 * sections most sections contain one thing, but not all of them: .init.text,
 * .sched.text, .data..read_mostly, and a few object files that kbuild compiles
 * without such sections. Strings and table entries have no symbols at all.
 *
 * This file divides each section by the rule that fits it: at its symbols, at
 * its strings, or (unit-entries.c) at its relocations.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/instructions.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/unit/unit-load.h"
#include "create-diff-object/unit/unit-entries.h"
#include "create-diff-object/unit/runtime-pointers.h"
#include "create-diff-object/unit/unit-relocs.h"

static bool names_atom(const struct elf_symbol *symbol)
{
	return symbol->section && symbol->type != STT_SECTION && symbol->type != STT_FILE &&
	       !name_is_of_padding(symbol->name);
}

/* Every module has these names for its init and exit functions, in addition to their own. */
static bool is_alias_of_module(const char *name)
{
	return !strcmp(name, "init_module") || !strcmp(name, "cleanup_module");
}

/* Which of several symbols at one place is the name of the atom? Lower is better. */
static int name_rank(const struct elf_symbol *symbol)
{
	return (is_alias_of_module(symbol->name) ? 16 : 0) + (symbol->type == STT_NOTYPE ? 8 : 0) +
	       (symbol->size ? 0 : 4) +
	       (symbol->bind == STB_WEAK ? 2 : 0) + /* the kernel may use another unit's */
	       (symbol->bind == STB_LOCAL ? 1 : 0);
}

static int by_place(const void *a, const void *b)
{
	const struct elf_symbol *x = *(struct elf_symbol *const *)a;
	const struct elf_symbol *y = *(struct elf_symbol *const *)b;

	if (x->section->index != y->section->index)
		return x->section->index < y->section->index ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (name_rank(x) != name_rank(y))
		return name_rank(x) - name_rank(y);
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool gap_is_padding(const struct unit *unit, const struct unit_section *s, uint64_t from,
			   uint64_t to)
{
	const unsigned char *data = s->elf->data;
	uint64_t i;

	if (!data)
		return true;
	if (elf_section_is_code(s->elf))
		return unit->arch->is_padding(data + from, to - from);
	for (i = from; i < to; i++)
		if (data[i])
			return false;
	return true;
}

static struct atom *add_atom(struct unit_section *s, enum atom_kind kind, uint64_t offset,
			     uint64_t size, struct elf_symbol *symbol)
{
	struct atom *atom = &s->atoms[s->n_atoms++];

	*atom = (struct atom){
		.kind = kind, .section = s, .offset = offset, .size = size, .symbol = symbol
	};
	return atom;
}

static enum atom_kind kind_of_section(const struct unit_section *s)
{
	if (!elf_section_is_code(s->elf))
		return ATOM_DATA;
	return s->rule->kind == SECTION_FRAGMENTS ? ATOM_FRAGMENT : ATOM_FUNCTION;
}

/*
 * `.subsection` puts out-of-line code of an inline assembler statement after its function, in the
 * same section, where the symbol's size doesn't include it.
 */
static bool has_tail(const struct unit_section *s)
{
	return s->rule->kind == SECTION_CODE && s->n_atoms == 1 && s->atoms->symbol &&
	       s->atoms->symbol->type == STT_FUNC;
}

/*
 * Make one atom for each symbol that doesn't lie within another one, and one for each gap between
 * them that is more than padding.
 */
static int divide_at_symbols(struct unit *unit, struct unit_section *s, struct elf_symbol **symbols,
			     size_t n, struct diag *diag)
{
	enum atom_kind kind = kind_of_section(s);
	enum atom_kind between = kind == ATOM_FUNCTION ? ATOM_FRAGMENT : kind;
	uint64_t end = 0;
	size_t i;

	s->atoms = calloc(2 * n + 1, sizeof(*s->atoms));
	if (!s->atoms)
		return diag_oom(diag);
	for (i = 0; i < n; i++) {
		struct elf_symbol *symbol = symbols[i];
		uint64_t next = i + 1 < n ? symbols[i + 1]->value : s->elf->size;
		uint64_t size = symbol->size;

		if (s->n_atoms && symbol->value < end)
			continue; /* a label inside, or the name of a part */
		if (s->n_atoms && symbol->value == s->atoms[s->n_atoms - 1].offset)
			continue; /* another name */
		if (symbol->value > end && !gap_is_padding(unit, s, end, symbol->value))
			add_atom(s, between, end, symbol->value - end, NULL);
		if (!size && symbol->type == STT_NOTYPE)
			size = next - symbol->value; /* written in assembler, without .size */
		add_atom(s, kind, symbol->value, size, symbol);
		end = symbol->value + size;
	}
	if (end == s->elf->size || (n && gap_is_padding(unit, s, end, s->elf->size)))
		return 0;
	if (end < s->elf->size && has_tail(s))
		s->atoms->size = s->elf->size - s->atoms->offset;
	else if (end < s->elf->size)
		add_atom(s, between, end, s->elf->size - end, NULL);
	return 0;
}

static bool is_zero(const unsigned char *data, uint64_t size)
{
	while (size--)
		if (data[size])
			return false;
	return true;
}

/* Zeroes after a string belong to it: a reference to an empty string may lead there. */
static int divide_strings(struct unit_section *s, struct diag *diag)
{
	uint64_t unit_size = s->elf->entsize ? s->elf->entsize : 1, i, start = 0;
	bool strings = s->elf->flags & SHF_STRINGS, ended = false;
	size_t n = 1;

	for (i = 0; i + unit_size <= s->elf->size; i += unit_size)
		n += !strings || is_zero(s->elf->data + i, unit_size);
	s->atoms = calloc(n, sizeof(*s->atoms));
	if (!s->atoms)
		return diag_oom(diag);
	for (i = 0; i + unit_size <= s->elf->size; i += unit_size) {
		bool zero = strings && is_zero(s->elf->data + i, unit_size);

		if (i && (!strings || (ended && !zero))) {
			add_atom(s, ATOM_STRING, start, i - start, NULL);
			start = i;
		}
		ended = zero;
	}
	add_atom(s, ATOM_STRING, start, s->elf->size - start, NULL);
	return 0;
}

/*
 * Most sections are one atom, so the space reserved for more would be most of the memory of a large
 * unit.
 */
static void trim_atoms(struct unit_section *s)
{
	struct atom *atoms = s->n_atoms ? reallocarray(s->atoms, s->n_atoms, sizeof(*atoms)) : NULL;

	if (atoms)
		s->atoms = atoms;
}

/* Slow paths of inline assembler, in .text.unlikely and the like. */
static bool is_nameless_code(const struct unit_section *s, size_t n_symbols)
{
	return !n_symbols && elf_section_is_code(s->elf) && s->elf->data;
}

static int divide_section(struct unit *unit, struct unit_section *s, struct elf_symbol **symbols,
			  size_t n, struct diag *diag)
{
	switch (s->rule->kind) {
	case SECTION_BUILD:
		return 0;
	case SECTION_STRINGS:
		return s->elf->data ? divide_strings(s, diag)
				    : divide_at_symbols(unit, s, symbols, n, diag);
	case SECTION_ENTRIES:
	case SECTION_PAIRED:
	case SECTION_FRAGMENTS:
		return 0; /* after the relocations have been read: unit_divide_entries() */
	default:
		if (is_nameless_code(s, n))
			return 0; /* as above */
		return divide_at_symbols(unit, s, symbols, n, diag);
	}
}

static int divide_all(struct unit *unit, struct diag *diag)
{
	struct elf_symbol **symbols = calloc(unit->elf->n_symbols + 1, sizeof(*symbols));
	struct elf_symbol *symbol;
	struct unit_section *s;
	size_t n = 0, first = 0;
	int err = 0;

	if (!symbols)
		return diag_oom(diag);
	elf_for_each_symbol(unit->elf, symbol)
		if (names_atom(symbol))
			symbols[n++] = symbol;
	qsort(symbols, n, sizeof(*symbols), by_place);
	unit_for_each_section(unit, s) {
		size_t last = first;

		while (last < n && symbols[last]->section == s->elf)
			last++;
		err = divide_section(unit, s, symbols + first, last - first, diag);
		if (err)
			break;
		trim_atoms(s);
		first = last;
	}
	free(symbols);
	return err;
}

static int find_sections(struct unit *unit, struct diag *diag)
{
	struct elf_section *section;
	size_t i = 0;

	unit->sections = calloc(unit->elf->n_sections + 1, sizeof(*unit->sections));
	if (!unit->sections)
		return diag_oom(diag);
	elf_for_each_section(unit->elf, section) {
		struct unit_section *s = &unit->sections[i++];

		s->elf = section;
		s->rule = section_rule(section);
		section->priv = s;
	}
	unit->n_sections = i;
	return 0;
}

static void find_source(struct unit *unit)
{
	struct elf_symbol *symbol;

	elf_for_each_symbol(unit->elf, symbol) {
		if (symbol->type == STT_FILE) {
			unit->source = symbol->name;
			return;
		}
	}
	unit->source = "";
}

static int find_arch(struct unit *unit, struct diag *diag)
{
	unit->arch = arch_of(unit->elf->machine);
	if (!unit->arch)
		return diag_error(diag, "KS101", NULL, "'%s' is for ELF machine %u",
				  unit->elf->path, unit->elf->machine);
	return instructions_open_decoder(unit->elf->machine, &unit->decoder) ? diag_oom(diag) : 0;
}

/* GCC split foo.cold and foo.part.0.cold.3 off foo and foo.part.0: make them their children. */
static int link_children(struct unit *unit, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, atom) {
			char *parent = NULL;
			struct elf_symbol *symbol;

			if (atom->kind != ATOM_FUNCTION || !atom->symbol)
				continue;
			if (name_parent(atom->symbol->name, &parent))
				return diag_oom(diag);
			symbol = parent ? elf_symbol_find(unit->elf, parent) : NULL;
			free(parent);
			if (!symbol || !symbol->section)
				continue;
			atom->parent = section_atom_at(symbol->section->priv, symbol->value);
			if (!atom->parent || atom->parent == atom || atom->parent->parent) {
				atom->parent = NULL;
				continue;
			}
			atom->next_child = atom->parent->next_child;
			atom->parent->next_child = atom;
		}
	}
	return 0;
}

int unit_load(struct unit **out, const char *path, struct diag *diag)
{
	struct unit *unit = calloc(1, sizeof(*unit));
	int err;

	if (!unit)
		return diag_oom(diag);
	err = elf_model_load(path, &unit->elf, diag);
	err = err ?: find_arch(unit, diag);
	err = err ?: unit_load_runtime_pointers(unit, diag);
	err = err ?: find_sections(unit, diag);
	err = err ?: divide_all(unit, diag);
	err = err ?: unit_resolve_relocs(unit, diag);
	err = err ?: unit_link_entries(unit, diag);
	err = err ?: link_children(unit, diag);
	if (err) {
		unit_free(unit);
		return err;
	}
	find_source(unit);
	*out = unit;
	return 0;
}

void unit_free(struct unit *unit)
{
	struct reference *ref, *next;
	struct unit_section *s;

	if (!unit)
		return;
	for (ref = unit->references; ref; ref = next) {
		next = ref->next;
		free(ref->symbol);
		free(ref);
	}
	unit_for_each_section(unit, s) {
		free(s->atoms);
		free(s->relocs);
	}
	free(unit->sections);
	variables_free(unit->variables);
	places_free(unit->places);
	instructions_close_decoder(unit->decoder);
	elf_model_free(unit->elf);
	free(unit);
}
