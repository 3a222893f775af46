// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel patches itself at places that tables list: one instruction is the
 * branch of a static key, another one may fault. A function that is copied
 * without its entries runs, but unpatched, until something faults. With one
 * entry too many, the kernel patches a place that doesn't exist.
 *
 * The size of an entry changes with kernel version and configuration, so it is
 * never assumed: an entry begins where its relocation to the code says, and all
 * entries must have the same distance.
 */
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/unit-entries.h"

static int malformed(struct diag *diag, const struct unit_section *s, const char *how)
{
	return diag_error(diag, "KS119", NULL, "section '%s': %s", s->elf->name, how);
}

/* sh_entsize is right in sections made by objtool, and zero in those made by the assembler. */
static bool size_is_possible(const struct unit_section *s, uint64_t size)
{
	const struct section_rule *rule = s->rule;

	return size && (!rule->size || size == rule->size) &&
	       (s->elf->entsize <= 1 || s->elf->entsize == size ||
		s->elf->entsize == size / rule->relocs);
}

static int divide_at_relocs(struct unit_section *s, struct diag *diag)
{
	size_t per = s->rule->relocs, i, k, n = s->n_relocs / per;
	uint64_t size = s->elf->size;

	if (!s->elf->size)
		return 0;
	if (!n || s->n_relocs % per)
		return malformed(diag, s, "its relocations don't come in equal groups");
	if (n > 1)
		size = s->relocs[per].offset - s->relocs[0].offset;
	/* The last entry may lack the padding that the others have (.parainstructions). */
	if (!size_is_possible(s, size) || (s->elf->size + size - 1) / size != n)
		return malformed(diag, s, "its entries don't have the size that they should");
	s->atoms = calloc(n, sizeof(*s->atoms));
	if (!s->atoms)
		return diag_oom(diag);
	for (i = 0; i < n; i++) {
		uint64_t start = i * size, end = i + 1 < n ? start + size : s->elf->size;

		for (k = 0; k < per; k++)
			if (s->relocs[i * per + k].offset != start + s->relocs[k].offset)
				return malformed(diag, s, "its entries aren't alike");
		s->atoms[i] = (struct atom){
			.kind = ATOM_ENTRY, .section = s, .offset = start, .size = end - start
		};
	}
	s->n_atoms = n;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool refers_into(const struct reloc *reloc, const struct unit_section *s, uint64_t *place)
{
	int64_t at;

	if (reloc->to || !reloc->symbol || reloc->symbol->section != s->elf)
		return false;
	at = (int64_t)reloc->symbol->value + reloc->at + reloc->bias;
	if (at <= 0 || at >= (int64_t)s->elf->size)
		return false;
	*place = at;
	return true;
}

/*
 * The code that one inline assembler statement puts into a section of code is one piece if control
 * leaves it only at its end: it must not continue in the next piece, nor jump there without a
 * relocation.
 */
static int tie_together(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	bool *tied = calloc(s->n_atoms, sizeof(*tied)), decoded;
	size_t n = 1, i;

	if (!tied)
		return diag_oom(diag);
	decoded = unit->arch->find_tied(unit, s, tied);
	for (i = 1; i < s->n_atoms; i++) {
		if (decoded && !tied[i])
			s->atoms[n++] = s->atoms[i];
		else
			s->atoms[n - 1].size += s->atoms[i].size;
	}
	s->n_atoms = n;
	s->atoms->undecodable = !decoded;
	free(tied);
	return 0;
}

/* Fragments have neither symbols nor sizes: each begins where a reference leads. */
static int divide_at_references(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	struct unit_section *from;
	struct reloc *reloc;
	uint64_t *starts, place;
	size_t n = 0, i;

	if (!s->elf->size)
		return 0;
	unit_for_each_section(unit, from)
		for (reloc = from->relocs; reloc < from->relocs + from->n_relocs; reloc++)
			n += refers_into(reloc, s, &place);
	starts = calloc(n + 1, sizeof(*starts));
	s->atoms = calloc(n + 1, sizeof(*s->atoms));
	if (!starts || !s->atoms) {
		free(starts);
		return diag_oom(diag);
	}
	n = 1; /* starts[0] is 0 */
	unit_for_each_section(unit, from)
		for (reloc = from->relocs; reloc < from->relocs + from->n_relocs; reloc++)
			if (refers_into(reloc, s, &place))
				starts[n++] = place;
	qsort(starts, n, sizeof(*starts), by_value);
	for (i = 0; i < n; i++) {
		struct atom *last = s->n_atoms ? &s->atoms[s->n_atoms - 1] : NULL;

		if (last && starts[i] == last->offset)
			continue;
		if (last)
			last->size = starts[i] - last->offset;
		s->atoms[s->n_atoms++] = (struct atom){ .kind = ATOM_FRAGMENT,
							.section = s,
							.offset = starts[i],
							.size = s->elf->size - starts[i] };
	}
	free(starts);
	return 0;
}

int unit_divide_entries(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	if (s->rule->kind == SECTION_ENTRIES)
		return divide_at_relocs(s, diag);
	if (s->rule->kind == SECTION_FRAGMENTS)
		return divide_at_references(unit, s, diag);
	if (!s->atoms && s->elf->size && elf_section_is_code(s->elf) &&
	    s->rule->kind != SECTION_BUILD)
		return divide_at_references(unit, s, diag) ?: tie_together(unit, s, diag);
	return 0;
}

/*
 * ALTERNATIVE("clac", "", …): an empty replacement has an address nevertheless, that of the next
 * fragment, which may belong to another function. Nothing reads there, so use the address of the
 * instruction.
 */
static void drop_empty_fragment(struct atom *entry, const struct reloc *owner)
{
	struct reloc *reloc;

	if (!entry->section->rule->length_last || atom_data(entry)[entry->size - 1])
		return;
	atom_for_each_reloc(entry, reloc) {
		if (reloc == owner)
			continue;
		reloc->to = owner->to;
		reloc->at = owner->at;
	}
}

/* The start of the range that an entry of a table covers. */
struct start {
	const struct unit_section *code;
	int64_t offset;
	size_t entry;
};

static int by_start(const void *a, const void *b)
{
	const struct start *x = a, *y = b;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The entry that covers @offset of @code, if it starts before @offset; else NULL. */
static const struct start *begun_before(const struct start *starts, size_t n,
					const struct unit_section *code, int64_t offset)
{
	struct start key = { .code = code, .offset = offset };
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_start(&starts[middle], &key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || starts[low - 1].code != code || starts[low - 1].offset == offset)
		return NULL;
	return &starts[low - 1];
}

/* Add an entry at the beginning of @atom that repeats the one that covers it. */
static void repeat_entry(struct unit_section *s, struct unit_section *with, size_t entry,
			 struct atom *atom)
{
	struct atom *place = &s->atoms[s->n_atoms++], *what = &with->atoms[with->n_atoms++];

	*place = s->atoms[entry];
	*what = with->atoms[entry];
	place->relocs = &s->relocs[s->n_relocs++];
	*place->relocs = *s->atoms[entry].relocs;
	place->relocs->to = atom;
	place->relocs->at = 0;
	place->pair = what;
	what->pair = place;
}

/*
 * objtool makes an entry only where something changes: if the stack at the end of a function is the
 * same as at the beginning of the next one in its section, that next one has no entry at its
 * beginning. It needs one when the two are separated.
 */
static int repeat_at_beginnings(struct unit *unit, struct unit_section *s,
				struct unit_section *with, struct diag *diag)
{
	struct start *starts = calloc(s->n_atoms + 1, sizeof(*starts));
	struct unit_section *code;
	const struct start *start;
	struct atom *atom;
	size_t n = s->n_atoms, i;

	if (!starts)
		return diag_oom(diag);
	for (i = 0; i < n; i++) {
		const struct reloc *reloc = s->atoms[i].relocs;

		if (reloc->to)
			starts[i] = (struct start){ reloc->to->section,
						    (int64_t)reloc->to->offset + reloc->at, i };
	}
	qsort(starts, n, sizeof(*starts), by_start);
	unit_for_each_section(unit, code) {
		if (!elf_section_is_code(code->elf) || code->n_atoms < 2)
			continue;
		section_for_each_atom(code, atom) {
			start = begun_before(starts, n, code, atom->offset);
			if (start)
				repeat_entry(s, with, start->entry, atom);
		}
	}
	free(starts);
	return 0;
}

/* Make room for one more entry for each piece of code. Nothing points into the arrays yet. */
static int make_room(struct unit *unit, struct unit_section *s, struct unit_section *with,
		     struct diag *diag)
{
	struct unit_section *code;
	struct atom *atoms, *what;
	struct reloc *relocs;
	size_t n = s->n_atoms, i;

	unit_for_each_section(unit, code)
		if (elf_section_is_code(code->elf) && code->n_atoms > 1)
			n += code->n_atoms;
	atoms = realloc(s->atoms, n * sizeof(*atoms));
	s->atoms = atoms ?: s->atoms;
	what = realloc(with->atoms, n * sizeof(*what));
	with->atoms = what ?: with->atoms;
	relocs = realloc(s->relocs, n * sizeof(*relocs));
	s->relocs = relocs ?: s->relocs;
	if (!atoms || !what || !relocs)
		return diag_oom(diag);
	for (i = 0; i < s->n_atoms; i++) {
		atoms[i].relocs = &relocs[i]; /* one for each: divide_like_partner() */
		atoms[i].pair = &what[i];
		what[i].pair = &atoms[i];
	}
	return 0;
}

/* .orc_unwind has no relocations; its nth entry belongs to the nth of .orc_unwind_ip. */
static int divide_like_partner(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	struct elf_section *partner = elf_section_find(unit->elf, s->rule->with);
	struct unit_section *with = partner ? partner->priv : NULL;
	size_t i;

	if (!s->elf->size)
		return 0;
	if (!with || !with->n_atoms || with->n_relocs != with->n_atoms ||
	    s->elf->size % with->n_atoms || s->n_relocs)
		return malformed(diag, s, "it doesn't match its partner");
	s->atoms = calloc(with->n_atoms, sizeof(*s->atoms));
	if (!s->atoms)
		return diag_oom(diag);
	s->n_atoms = with->n_atoms;
	for (i = 0; i < s->n_atoms; i++) {
		uint64_t size = s->elf->size / s->n_atoms;

		s->atoms[i] = (struct atom){
			.kind = ATOM_ENTRY, .section = s, .offset = i * size, .size = size
		};
	}
	return make_room(unit, with, s, diag) ?: repeat_at_beginnings(unit, with, s, diag);
}

/*
 * The assembler places a section where its first entry occurs, so a new static key may change the
 * order of the tables for all functions after it. Comparison needs a fixed order: that of the
 * rules.
 */
static void add_entry(struct atom *owner, struct atom *entry)
{
	const struct section_rule *rule = entry->section->rule;
	struct atom **place = &owner->entries;

	if (owner->last_entry && owner->last_entry->section->rule <= rule)
		place = &owner->last_entry->next_entry;
	while (*place && (*place)->section->rule <= rule)
		place = &(*place)->next_entry;
	entry->next_entry = *place;
	*place = entry;
	if (!entry->next_entry)
		owner->last_entry = entry;
}

static int link_to_owner(struct atom *entry, struct diag *diag)
{
	const struct section_rule *rule = entry->section->rule;
	struct reloc *reloc;
	struct atom *owner;

	atom_for_each_reloc(entry, reloc)
		if (reloc->offset - entry->offset == rule->owner)
			break;
	if (reloc == entry->relocs + entry->n_relocs || !reloc->to || !atom_is_code(reloc->to))
		return malformed(diag, entry->section, "an entry doesn't refer to code");
	owner = reloc->to;
	entry->owner = owner;
	add_entry(owner, entry);
	drop_empty_fragment(entry, reloc);
	if (rule->ftrace)
		owner->patchable = true;
	return 0;
}

int unit_link_entries(struct unit *unit, struct diag *diag)
{
	struct unit_section *s;
	struct atom *entry;
	int err = 0;

	unit_for_each_section(unit, s)
		if (s->rule->kind == SECTION_PAIRED)
			err = err ?: divide_like_partner(unit, s, diag);
	unit_for_each_section(unit, s) {
		if (s->rule->kind != SECTION_ENTRIES)
			continue;
		section_for_each_atom(s, entry)
			err = err ?: link_to_owner(entry, diag);
	}
	return err;
}
