// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the differences between the symbols of two twins. One atom may have
 * several names, and all of them count: SYSCALL_DEFINE0(),
 * DEFINE_STATIC_CALL(), module_init() and MODULE_DEVICE_TABLE() make aliases,
 * and a name that leads to another atom than before redirects everything that
 * is linked by it.
 *
 * Symbols that aren't a place in the unit (undefined, common, absolute) are
 * listed by their names alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/ledger-names.h"
#include "create-diff-object/ledger-compare.h"
#include "create-diff-object/ledger-add.h"

struct label {
	const struct atom *atom; /* NULL: not a place in the unit */
	uint64_t at;
	const struct elf_symbol *symbol;
	bool paired;
};

struct labels {
	struct label *all;
	size_t n;
};

static int by_atom(const void *first, const void *second)
{
	const struct label *a = first, *b = second;

	if (a->atom != b->atom)
		return a->atom < b->atom ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return strcmp(a->symbol->name, b->symbol->name);
}

static int list_labels(struct labels *labels, const struct unit *unit)
{
	struct elf_symbol *symbol;

	labels->n = 0;
	labels->all = calloc(unit->elf->n_symbols + 1, sizeof(*labels->all));
	if (!labels->all)
		return -ENOMEM;
	elf_for_each_symbol(unit->elf, symbol) {
		struct atom *atom = NULL;

		if (symbol->type == STT_SECTION || symbol->type == STT_FILE)
			continue;
		if (symbol->section) {
			atom = section_atom_at(symbol->section->priv, (int64_t)symbol->value);
			if (!atom)
				continue; /* ledger-sections.c compares the whole section */
		}
		labels->all[labels->n++] =
			(struct label){ .atom = atom,
					.at = atom ? symbol->value - atom->offset : 0,
					.symbol = symbol };
	}
	qsort(labels->all, labels->n, sizeof(*labels->all), by_atom);
	return 0;
}

/* The labels of @atom; *@n: their number. */
static struct label *labels_of(const struct labels *labels, const struct atom *atom, size_t *n)
{
	size_t low = 0, high = labels->n, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (labels->all[middle].atom < atom)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < labels->n && labels->all[end].atom == atom; end++)
		;
	*n = end - low;
	return labels->all + low;
}

struct pair {
	struct ledger *ledger;
	struct atom *original, *patched;
};

static void add(const struct pair *pair, enum difference differs, const struct label *was,
		const struct label *is)
{
	ledger_add(pair->ledger,
		   (struct ledger_entry){ .differs = differs,
					  .original = pair->original,
					  .patched = pair->patched,
					  .name = is ? is->symbol->name : was->symbol->name,
					  .was = was ? was->symbol : NULL,
					  .is = is ? is->symbol : NULL });
}

static void compare_symbols(const struct pair *pair, const struct label *was,
			    const struct label *is)
{
	const struct elf_symbol *a = was->symbol, *b = is->symbol;
	/* a difference that follows from the content is listed there */
	bool same_size = a->size == b->size || !pair->original ||
			 pair->original->size != pair->patched->size;

	if (a->bind != b->bind)
		add(pair, pair->original ? DIFFERS_BINDING : DIFFERS_UNDEFINED, was, is);
	if (a->type != b->type || a->other != b->other || a->shndx != b->shndx || !same_size ||
	    (!pair->original && a->value != b->value))
		add(pair, pair->original ? DIFFERS_SYMBOL : DIFFERS_UNDEFINED, was, is);
}

static bool is_same_place(const struct label *a, const struct label *b)
{
	return a->at == b->at && !strcmp(a->symbol->name, b->symbol->name);
}

static bool has_same_name(const struct label *a, const struct label *b)
{
	return !strcmp(a->symbol->name, b->symbol->name);
}

static bool is_numbered_otherwise(const struct label *a, const struct label *b)
{
	return a->at == b->at && !name_compare(a->symbol->name, b->symbol->name);
}

enum naming { SAME_NAME, OTHER_NAME };

/* Pair labels that @fits accepts. OTHER_NAME: they are listed as DIFFERS_NAME. */
static void pair_labels(const struct pair *pair, struct label *a, size_t n_a, struct label *b,
			size_t n_b, bool (*fits)(const struct label *, const struct label *),
			enum naming naming)
{
	for (size_t i = 0; i < n_a; i++)
		for (size_t k = 0; k < n_b && !a[i].paired; k++) {
			if (b[k].paired || !fits(&a[i], &b[k]))
				continue;
			a[i].paired = b[k].paired = true;
			if (naming == OTHER_NAME)
				add(pair, DIFFERS_NAME, &a[i], &b[k]);
			compare_symbols(pair, &a[i], &b[k]);
		}
}

/* Pair the main names of two atoms that have no name in common: renamed variables. */
static void pair_own_names(const struct pair *pair, struct label *a, size_t n_a, struct label *b,
			   size_t n_b)
{
	for (size_t i = 0; i < n_a; i++)
		for (size_t k = 0; k < n_b; k++) {
			if (a[i].symbol != pair->original->symbol || a[i].paired ||
			    b[k].symbol != pair->patched->symbol || b[k].paired)
				continue;
			a[i].paired = b[k].paired = true;
			add(pair, DIFFERS_NAME, &a[i], &b[k]);
			compare_symbols(pair, &a[i], &b[k]);
		}
}

static void add_unpaired(const struct pair *pair, struct label *was, size_t n_was, struct label *is,
			 size_t n_is)
{
	for (size_t i = 0; i < n_was; i++)
		if (!was[i].paired)
			add(pair, DIFFERS_ALIAS, &was[i], NULL);
	for (size_t i = 0; i < n_is; i++)
		if (!is[i].paired)
			add(pair, DIFFERS_ALIAS, NULL, &is[i]);
}

static void compare_twins(const struct pair *pair, struct labels *original, struct labels *patched)
{
	size_t n_a, n_b;
	struct label *a = labels_of(original, pair->original, &n_a);
	struct label *b = labels_of(patched, pair->patched, &n_b);

	pair_labels(pair, a, n_a, b, n_b, is_same_place, SAME_NAME);
	pair_labels(pair, a, n_a, b, n_b, is_numbered_otherwise, OTHER_NAME);
	pair_labels(pair, a, n_a, b, n_b, has_same_name, OTHER_NAME);
	pair_own_names(pair, a, n_a, b, n_b);
	add_unpaired(pair, a, n_a, b, n_b);
}

/*
 * A symbol that only one unit refers to is listed with the reference. But a number with a name, or
 * a common variable, is a definition that other units can be linked to.
 */
static void add_definition(const struct pair *pair, const struct label *was, const struct label *is)
{
	if ((was ?: is)->symbol->shndx != SHN_UNDEF)
		add(pair, DIFFERS_UNDEFINED, was, is);
}

static void compare_undefined(struct ledger *ledger, struct labels *original,
			      struct labels *patched)
{
	struct pair pair = { .ledger = ledger };
	size_t n_a, n_b, i = 0, k = 0;
	struct label *a = labels_of(original, NULL, &n_a), *b = labels_of(patched, NULL, &n_b);

	while (i < n_a && k < n_b) {
		int order = strcmp(a[i].symbol->name, b[k].symbol->name);

		if (!order)
			compare_symbols(&pair, &a[i], &b[k]);
		else
			add_definition(&pair, order < 0 ? &a[i] : NULL, order < 0 ? NULL : &b[k]);
		i += order <= 0;
		k += order >= 0;
	}
	for (; i < n_a; i++)
		add_definition(&pair, &a[i], NULL);
	for (; k < n_b; k++)
		add_definition(&pair, NULL, &b[k]);
}

int ledger_list_names(struct ledger *ledger)
{
	struct labels original = { 0 }, patched = { 0 };
	struct unit_section *s;
	struct atom *atom;
	int err = list_labels(&original, ledger->original);

	err = err ?: list_labels(&patched, ledger->patched);
	if (!err) {
		compare_undefined(ledger, &original, &patched);
		unit_for_each_section(ledger->patched, s)
			section_for_each_atom(s, atom) {
				struct pair pair = { ledger, ledger_partner(atom), atom };

				/* pair_moved() has compared the names of atoms from other units */
				if (pair.original && !atom->moved_from)
					compare_twins(&pair, &original, &patched);
			}
	}
	free(original.all);
	free(patched.all);
	return err;
}
