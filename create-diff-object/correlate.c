// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which function of the patched unit corresponds to which one of the original?
 * All pairs are compared later, so a wrong pair of functions only makes the
 * patch larger. A wrong pair of variables makes new code write to the wrong
 * one, so variables are paired by name only if the name is the author's own.
 * The others (correlate-locals.c) need a proof. An atom with several names
 * (aliases) has one twin; aliases.c refuses names that the twin doesn't have.
 */
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-callbacks.h"
#include "create-diff-object/renamed-constants.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/variables.h"

struct named {
	const char *name;
	struct atom *atom;
	uint32_t index; /* in the symbol table; keeps the order of equal names */
};

struct name_list {
	struct named *entries;
	size_t n;
};

static bool is_variable(const struct atom *atom)
{
	return atom_section_kind(atom) == SECTION_DATA || atom_section_kind(atom) == SECTION_PERCPU;
}

static bool is_paired_by_name(const struct elf_symbol *symbol, const struct atom *atom)
{
	if (atom->kind == ATOM_FUNCTION)
		return true;
	if (atom->kind != ATOM_DATA)
		return false;
	if (atom->macro_made)
		return false;
	/* numbers of the compiler and of the kernel prove nothing: correlate-locals.c */
	if (symbol_is_static_local(symbol))
		return false;
	return !atom_is_writable(atom) || !name_is_counted(symbol->name) || !is_variable(atom);
}

/* Which names of an atom with several names are listed. */
enum which_names {
	OWN_NAMES, /* only its main name: ->symbol */
	ALL_NAMES, /* aliases as well */
};

static bool is_listed(const struct elf_symbol *symbol, const struct atom *atom,
		      enum which_names which)
{
	if (atom->offset != symbol->value || atom->twin || !is_paired_by_name(symbol, atom))
		return false;
	return symbol == atom->symbol || (which == ALL_NAMES && symbol_is_alias(symbol));
}

static int list_names(const struct unit *unit, enum which_names which, struct name_list *list,
		      struct diag *diag)
{
	struct elf_symbol *symbol;

	list->n = 0;
	list->entries = calloc(unit->elf->n_symbols + 1, sizeof(*list->entries));
	if (!list->entries)
		return diag_oom(diag);
	elf_for_each_symbol(unit->elf, symbol) {
		struct atom *atom;

		if (!symbol->section || symbol->type == STT_SECTION || !*symbol->name)
			continue;
		atom = section_atom_at(symbol->section->priv, symbol->value);
		if (!atom || !is_listed(symbol, atom, which))
			continue;
		list->entries[list->n++] = (struct named){ symbol->name, atom, symbol->index };
	}
	return 0;
}

static int by_exact_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->name, y->name) ?: (x->index < y->index ? -1 : x->index > y->index);
}

static int by_loose_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return name_compare(x->name, y->name) ?: (x->index < y->index ? -1 : x->index > y->index);
}

static void pair(struct atom *original, struct atom *patched)
{
	if (original->twin || patched->twin || original->kind != patched->kind ||
	    !same_lifetime(original, patched))
		return;
	original->twin = patched;
	patched->twin = original;
}

/*
 * Walk both sorted lists, and pair runs of equal names in their order. If a name occurs a different
 * number of times, its atoms stay unpaired: some are new or removed.
 */
static void pair_equal_names(const struct name_list *original, const struct name_list *patched,
			     int (*compare)(const char *, const char *))
{
	const struct named *a = original->entries, *a_end = a + original->n;
	const struct named *b = patched->entries, *b_end = b + patched->n;

	while (a < a_end && b < b_end) {
		int order = compare(a->name, b->name);
		size_t n_a = 1, n_b = 1, i;

		if (order) {
			order < 0 ? a++ : b++;
			continue;
		}
		while (a + n_a < a_end && !compare(a->name, a[n_a].name))
			n_a++;
		while (b + n_b < b_end && !compare(b->name, b[n_b].name))
			n_b++;
		for (i = 0; i < n_a && n_a == n_b; i++)
			pair(a[i].atom, b[i].atom);
		a += n_a;
		b += n_b;
	}
}

static int pair_by_name(struct unit *original, struct unit *patched, enum which_names which,
			int (*sort)(const void *, const void *),
			int (*compare)(const char *, const char *), struct diag *diag)
{
	struct name_list a = { 0 }, b = { 0 };
	int err;

	err = list_names(original, which, &a, diag);
	err = err ?: list_names(patched, which, &b, diag);
	if (!err) {
		qsort(a.entries, a.n, sizeof(*a.entries), sort);
		qsort(b.entries, b.n, sizeof(*b.entries), sort);
		pair_equal_names(&a, &b, compare);
	}
	free(a.entries);
	free(b.entries);
	return err;
}

/* Constants without a name are compared by content; of the other kinds a section has one each. */
static bool is_unnamed(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && !atom->symbol &&
	       (atom_is_writable(atom) || atom_section_kind(atom) == SECTION_REGISTRATION ||
		atom_section_kind(atom) == SECTION_UNKNOWN);
}

/* A list or variable made in assembler has no symbol; the name of its section identifies it. */
static void pair_unnamed(struct unit *original, struct unit *patched)
{
	struct elf_section *same;
	struct unit_section *s, *other;
	struct atom *atom, *twin;

	unit_for_each_section(patched, s) {
		same = elf_section_find(original->elf, s->elf->name);
		other = same ? same->priv : NULL;
		if (!other)
			continue;
		twin = other->atoms;
		section_for_each_atom(s, atom) {
			if (!is_unnamed(atom))
				continue;
			while (twin < other->atoms + other->n_atoms && !is_unnamed(twin))
				twin++;
			if (twin == other->atoms + other->n_atoms)
				break;
			pair(twin++, atom);
		}
	}
}

static int compare_headers(const struct unit *original, const struct unit *patched,
			   struct diag *diag)
{
	const struct elf_model *a = original->elf, *b = patched->elf;

	if (a->machine != b->machine || a->class != b->class || a->encoding != b->encoding ||
	    a->osabi != b->osabi || a->eflags != b->eflags)
		return diag_error(diag, "KS101", NULL, "'%s' and '%s': their ELF headers differ",
				  a->path, b->path);
	if (strcmp(original->source, patched->source))
		return diag_error(diag, "KS101", NULL, "'%s' comes from %s, '%s' from %s", a->path,
				  original->source, b->path, patched->source);
	return 0;
}

int correlate_units(struct unit *original, struct unit *patched, const struct words *words,
		    struct diag *diag)
{
	int err;

	err = compare_headers(original, patched, diag);
	err = err ?: unit_read_variables(original, diag);
	err = err ?: unit_read_variables(patched, diag);
	if (err)
		return err;
	find_macro_made(original);
	find_macro_made(patched);
	heed_new_state(patched);
	/* An atom's own name is a better proof than an alias, which may have moved. */
	err = pair_by_name(original, patched, OWN_NAMES, by_exact_name, strcmp, diag);
	err = err ?: pair_by_name(original, patched, ALL_NAMES, by_exact_name, strcmp, diag);
	err = err ?: pair_by_name(original, patched, ALL_NAMES, by_loose_name, name_compare, diag);
	if (!err)
		pair_unnamed(original, patched);
	if (!err)
		correlate_literals(patched);
	err = err ?: correlate_registered(original, patched, diag);
	err = err ?: correlate_static_locals(original, patched, diag);
	if (!err) {
		pair_renamed_constants(original, patched, words);
		pair_renamed_functions(original, patched, words, diag);
		pair_renamed_callbacks(original, patched, words);
	}
	err = err ?: resolve_lost_variables(original, patched, words, diag);
	return err;
}
