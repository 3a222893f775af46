// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The object file says "section .data plus 60" for `mov x(%rip), %eax`: the
 * assembler writes the section instead of a local symbol, and the addend counts
 * from the end of the instruction, not from the relocation. Both hide which
 * variable is meant, and a variable taken for its neighbour is a wrong
 * livepatch.
 *
 * This file turns each relocation into (atom, offset) or (undefined symbol,
 * addend).
 */
#include <stdlib.h>
#include <string.h>

#include "lib/landing-pads.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/static-calls.h"
#include "create-diff-object/unit/unit-entries.h"
#include "create-diff-object/unit/unit-relocs.h"

static int by_offset(const void *a, const void *b)
{
	const struct reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* No object is as large as this limit, and sums of smaller addends can't overflow. */
static bool is_possible_addend(int64_t addend)
{
	const int64_t limit = (int64_t)1 << 48;

	return addend > -limit && addend < limit;
}

/* Copy what the file says; resolve() finds the meaning. */
static int copy_relocs(struct unit_section *s, const struct unit *unit, struct diag *diag)
{
	struct elf_rela *rela;
	size_t n = 0;
	int err = 0;

	if (!s->elf->n_relas)
		return 0;
	s->relocs = calloc(s->elf->n_relas, sizeof(*s->relocs));
	if (!s->relocs)
		return diag_oom(diag);
	elf_for_each_rela(s->elf, rela) {
		unsigned int width = reloc_width(unit, rela->type);

		if (rela->type == 0) /* R_*_NONE on every architecture */
			continue;
		if (!width || !rela->symbol || width > s->elf->size - rela->offset ||
		    !is_possible_addend(rela->addend)) {
			err = diag_error(diag, "KS115", NULL, "type %u at %s+0x%llx", rela->type,
					 s->elf->name, (unsigned long long)rela->offset);
			continue;
		}
		s->relocs[n++] = (struct reloc){ .offset = rela->offset,
						 .type = rela->type,
						 .symbol = rela->symbol,
						 .at = rela->addend };
	}
	s->n_relocs = n;
	qsort(s->relocs, n, sizeof(*s->relocs), by_offset);
	return err;
}

/*
 * Turn (symbol, addend) into (atom, offset). A section symbol with an offset after the last atom's
 * end means that end: the end of an array.
 */
static void resolve(struct reloc *reloc)
{
	struct elf_symbol *symbol = reloc->symbol;
	const struct unit_section *s;
	int64_t place;

	if (reloc->to) /* added by scan_code() */
		return;
	reloc->at += reloc->bias;
	if (!symbol->section)
		return;
	s = symbol->section->priv;
	place = (int64_t)symbol->value + reloc->at;
	/* A named symbol says which atom is meant, wherever the offset leads. */
	reloc->to =
		section_atom_at(s, symbol->type == STT_SECTION ? place : (int64_t)symbol->value);
	if (!reloc->to)
		return;
	reloc->by_section = symbol->type == STT_SECTION;
	reloc->at = place - (int64_t)reloc->to->offset;
	if (symbol->bind == STB_WEAK && symbol != reloc->to->symbol)
		reloc->weak = symbol;
	reloc->symbol = NULL;
}

/* Give each atom the relocations within it. */
static void assign_relocs(struct unit_section *s)
{
	struct atom *atom;
	size_t i = 0;

	section_for_each_atom(s, atom) {
		while (i < s->n_relocs && s->relocs[i].offset < atom->offset)
			i++;
		atom->relocs = s->relocs + i;
		while (i < s->n_relocs && s->relocs[i].offset < atom->offset + atom->size)
			i++;
		atom->n_relocs = s->relocs + i - atom->relocs;
	}
}

static void find_landings(const struct unit *unit, struct unit_section *s)
{
	struct atom *atom;

	if (!s->elf->data || !elf_section_is_code(s->elf))
		return;
	section_for_each_atom(s, atom)
		atom->landing = landing_pad_size(unit->elf->machine, atom_data(atom), atom->size);
}

int unit_resolve_relocs(struct unit *unit, struct diag *diag)
{
	struct unit_section *s;
	struct reloc *reloc;
	int err = 0, one;

	unit_for_each_section(unit, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		one = copy_relocs(s, unit, diag);
		if (!one && elf_section_is_code(s->elf))
			one = unit->arch->scan_code(unit, s, diag)
				      ?: unit_add_static_call_keys(unit, s, diag);
		err = err ?: one;
	}
	if (err)
		return err;
	/* Entries are divided at their relocations, fragments where entries refer to. */
	unit_for_each_section(unit, s)
		err = err ?: unit_divide_entries(unit, s, diag);
	if (err)
		return err;
	unit_for_each_section(unit, s) {
		for (reloc = s->relocs; reloc < s->relocs + s->n_relocs; reloc++)
			resolve(reloc);
		assign_relocs(s);
		find_landings(unit, s);
	}
	return 0;
}
