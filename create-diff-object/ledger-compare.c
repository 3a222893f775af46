// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The comparison that the ledger is based on. same.c asks whether two
 * functions mean the same, and ignores differences without a meaning. Here
 * nothing is ignored: bytes are equal or not, and a reference leads to the twin
 * at the same offset, to the same symbol of another unit, or to the same
 * content. A difference that same.c ignores needs a row of ledger-rules.c,
 * which says why it means nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/ledger-compare.h"

/* Content that refers to content: if it nests deeper than this, it counts as different. */
#define MAX_DEPTH 32

struct atom *ledger_partner(const struct atom *atom)
{
	return atom->twin ?: atom->same;
}

/* An initialised zero equals a zero of .bss. */
static bool same_bytes(const unsigned char *a, const unsigned char *b, size_t size)
{
	const unsigned char *data = a ?: b;

	if (a && b)
		return !memcmp(a, b, size);
	for (size_t i = 0; data && i < size; i++)
		if (data[i])
			return false;
	return true;
}

/* The length of the string with its end, or of the rest of a constant. */
static size_t content_length(const struct atom *atom, size_t at)
{
	size_t step = atom->section->elf->entsize ?: 1, left = atom->size - at, i, k;
	const unsigned char *data = atom_data(atom) + at;

	if (!(atom->section->elf->flags & SHF_STRINGS))
		return left;
	for (i = 0; i + step <= left; i += step) {
		for (k = 0; k < step && !data[i + k]; k++)
			;
		if (k == step)
			return i + step;
	}
	return left;
}

static bool same_string(const struct atom *a, int64_t at_a, const struct atom *b, int64_t at_b)
{
	size_t length;

	if (at_a < 0 || at_b < 0 || (uint64_t)at_a > a->size || (uint64_t)at_b > b->size ||
	    a->section->elf->entsize != b->section->elf->entsize ||
	    (a->section->elf->flags ^ b->section->elf->flags) & SHF_STRINGS || !atom_data(a) ||
	    !atom_data(b))
		return false;
	length = content_length(a, at_a);
	return length == content_length(b, at_b) &&
	       !memcmp(atom_data(a) + at_a, atom_data(b) + at_b, length);
}

static bool same_references(const struct atom *a, const struct atom *b, unsigned int depth,
			    enum ledger_endbr how);

static bool same_unnamed(const struct atom *a, int64_t at_a, const struct atom *b, int64_t at_b,
			 unsigned int depth)
{
	if (a->kind != b->kind || depth > MAX_DEPTH)
		return false;
	if (a->kind == ATOM_STRING)
		return same_string(a, at_a, b, at_b);
	if (!a->symbol != !b->symbol ||
	    (a->symbol && name_compare(a->symbol->name, b->symbol->name)))
		return false;
	if (at_a != at_b || atom_section_kind(a) != atom_section_kind(b))
		return false;
	if (a->same == b)
		return true;
	return a->size == b->size && same_bytes(atom_data(a), atom_data(b), a->size) &&
	       same_references(a, b, depth + 1, WITH_ENDBR);
}

/* WITHOUT_ENDBR: the offset that @at would be if the code had no ENDBR. */
static int64_t place(const struct atom *atom, int64_t at, enum ledger_endbr how)
{
	return how == WITHOUT_ENDBR && at >= (int64_t)atom->landing ? at - (int64_t)atom->landing
								    : at;
}

static bool same_target(const struct reloc *a, const struct reloc *b, unsigned int depth,
			enum ledger_endbr how)
{
	if (!a->to != !b->to)
		return same_moved(a, b);
	if (!a->to)
		return a->at == b->at && a->symbol && b->symbol &&
		       !a->symbol->section == !b->symbol->section &&
		       !strcmp(a->symbol->name, b->symbol->name) &&
		       (!a->symbol->section ||
			(a->symbol->value == b->symbol->value &&
			 !strcmp(a->symbol->section->name, b->symbol->section->name)));
	if (!a->weak != !b->weak || (a->weak && strcmp(a->weak->name, b->weak->name)))
		return false;
	if (a->to->twin)
		return a->to->twin == b->to && place(a->to, a->at, how) == place(b->to, b->at, how);
	return atom_is_known_by_content(a->to) && atom_is_known_by_content(b->to) &&
	       same_unnamed(a->to, a->at, b->to, b->at, depth);
}

static bool same_references(const struct atom *a, const struct atom *b, unsigned int depth,
			    enum ledger_endbr how)
{
	if (a->n_relocs != b->n_relocs)
		return false;
	for (size_t i = 0; i < a->n_relocs; i++) {
		const struct reloc *x = &a->relocs[i], *y = &b->relocs[i];

		if (place(a, x->offset - a->offset, how) != place(b, y->offset - b->offset, how) ||
		    x->type != y->type || !same_target(x, y, depth, how))
			return false;
	}
	return true;
}

bool ledger_same_content(const struct atom *a, const struct atom *b, enum ledger_endbr how)
{
	size_t skip_a = how == WITH_ENDBR ? 0 : a->landing,
	       skip_b = how == WITH_ENDBR ? 0 : b->landing;
	const unsigned char *x = atom_data(a), *y = atom_data(b);

	return a->size - skip_a == b->size - skip_b &&
	       same_bytes(x ? x + skip_a : NULL, y ? y + skip_b : NULL, a->size - skip_a) &&
	       same_references(a, b, 0, how);
}

/* --- unnamed content that both units have --- */

static int by_content(const void *first, const void *second)
{
	const struct atom *a = *(struct atom *const *)first, *b = *(struct atom *const *)second;
	const unsigned char *x = atom_data(a), *y = atom_data(b);

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	if (!x != !y)
		return x ? 1 : -1;
	return x ? memcmp(x, y, a->size) : 0;
}

static struct atom **list_unnamed(const struct unit *unit, size_t *n)
{
	struct unit_section *s;
	struct atom **list, *atom;

	*n = 0;
	unit_for_each_section(unit, s)
		*n += s->n_atoms;
	list = calloc(*n + 1, sizeof(*list));
	*n = 0;
	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (list && atom_is_known_by_content(atom))
				list[(*n)++] = atom;
	if (list)
		qsort(list, *n, sizeof(*list), by_content);
	return list;
}

/* Hundreds of atoms with the same bytes and different references would take all day. */
#define MAX_TRIES 64

/* Among atoms with the same bytes, pair those that refer to the same things. */
static void match_run(struct atom **a, size_t n_a, struct atom **b, size_t n_b)
{
	for (size_t i = 0, first = 0; i < n_a; i++) {
		for (size_t k = first, tries = 0; k < n_b && tries < MAX_TRIES; k++) {
			if (b[k]->same)
				continue;
			tries++;
			if (!same_unnamed(a[i], 0, b[k], 0, 0))
				continue;
			a[i]->same = b[k];
			b[k]->same = a[i];
			break;
		}
		while (first < n_b && b[first]->same)
			first++;
	}
}

int ledger_match_contents(struct ledger *ledger)
{
	size_t n_a, n_b, i = 0, k = 0;
	struct atom **a = list_unnamed(ledger->original, &n_a);
	struct atom **b = list_unnamed(ledger->patched, &n_b);

	while (a && b && i < n_a && k < n_b) {
		size_t end_a = i + 1, end_b = k + 1;
		int order = by_content(&a[i], &b[k]);

		if (order) {
			order < 0 ? i++ : k++;
			continue;
		}
		while (end_a < n_a && !by_content(&a[i], &a[end_a]))
			end_a++;
		while (end_b < n_b && !by_content(&b[k], &b[end_b]))
			end_b++;
		match_run(a + i, end_a - i, b + k, end_b - k);
		i = end_a;
		k = end_b;
	}
	free(a);
	free(b);
	return a && b ? 0 : -ENOMEM;
}
