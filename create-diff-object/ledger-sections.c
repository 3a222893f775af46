// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the differences in sections without atoms: sections that only the build
 * reads are compared as a whole, and the information about the module
 * (.modinfo) string by string.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/ledger-sections.h"
#include "create-diff-object/ledger-add.h"

/* It consists of whole strings, each with its end. */
static bool is_modinfo(const struct elf_section *section)
{
	return !strcmp(section->name, ".modinfo") && section->data && section->size &&
	       !section->data[section->size - 1];
}

static bool same_symbol(const struct elf_symbol *a, const struct elf_symbol *b)
{
	if (!a || !b || !a->section != !b->section)
		return a == b;
	return !strcmp(a->name, b->name) &&
	       (!a->section || !strcmp(a->section->name, b->section->name));
}

static bool same_sections(const struct elf_section *a, const struct elf_section *b)
{
	if (a->size != b->size || a->type != b->type || a->flags != b->flags ||
	    a->n_relas != b->n_relas || !a->data != !b->data ||
	    (a->data && memcmp(a->data, b->data, a->size)))
		return false;
	for (size_t i = 0; i < a->n_relas; i++) {
		const struct elf_rela *x = &a->relas[i], *y = &b->relas[i];

		if (x->offset != y->offset || x->type != y->type || x->addend != y->addend ||
		    !same_symbol(x->symbol, y->symbol))
			return false;
	}
	return true;
}

static bool is_whole(const struct elf_section *section)
{
	const struct unit_section *s = section->priv;

	return s && s->rule->kind == SECTION_BUILD && section->size && !is_modinfo(section);
}

/* The next section at or after @section that is compared as a whole and has this @name. */
static struct elf_section *next_called(struct elf_section *section, const char *name)
{
	while (section && (!is_whole(section) || strcmp(section->name, name)))
		section = section->next;
	return section;
}

/*
 * If several sections have the name: is each section n of one unit the same as section n of the
 * other?
 */
static bool same_of_name(const struct unit *original, const struct unit *patched, const char *name)
{
	struct elf_section *a = next_called(original->elf->sections, name);
	struct elf_section *b = next_called(patched->elf->sections, name);

	while (a && b && same_sections(a, b)) {
		a = next_called(a->next, name);
		b = next_called(b->next, name);
	}
	return !a && !b;
}

static void list_whole(struct ledger *ledger)
{
	struct elf_section *sections = ledger->patched->elf->sections, *section;

	for (section = sections; section; section = section->next)
		if (is_whole(section) && next_called(sections, section->name) == section &&
		    !same_of_name(ledger->original, ledger->patched, section->name))
			ledger_add(ledger, (struct ledger_entry){ .differs = DIFFERS_BUILD,
								  .name = section->name });
	elf_for_each_section(ledger->original->elf, section)
		if (is_whole(section) && !next_called(sections, section->name))
			ledger_add(ledger, (struct ledger_entry){ .differs = DIFFERS_BUILD,
								  .name = section->name });
}

/* --- .modinfo --- */

struct strings {
	const char **all;
	size_t n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Take all sections of that name. list_whole() compares those whose last string has no end. */
static int list_strings(struct strings *strings, const struct unit *unit)
{
	const struct elf_section *section;
	size_t n = 0;

	strings->n = 0;
	elf_for_each_section(unit->elf, section)
		n += is_modinfo(section) ? section->size : 0;
	strings->all = calloc(n + 1, sizeof(*strings->all));
	if (!strings->all)
		return -ENOMEM;
	elf_for_each_section(unit->elf, section)
		for (size_t at = 0; is_modinfo(section) && at < section->size;) {
			const char *string = (const char *)section->data + at;

			if (*string)
				strings->all[strings->n++] = string;
			at += strlen(string) + 1;
		}
	qsort(strings->all, strings->n, sizeof(*strings->all), by_text);
	return 0;
}

static int list_modinfo(struct ledger *ledger)
{
	struct strings a = { 0 }, b = { 0 };
	int err = list_strings(&a, ledger->original) ?: list_strings(&b, ledger->patched);
	size_t i = 0, k = 0;

	while (!err && (i < a.n || k < b.n)) {
		int order = i == a.n ? 1 : k == b.n ? -1 : strcmp(a.all[i], b.all[k]);

		if (order)
			ledger_add(ledger,
				   (struct ledger_entry){ .differs = DIFFERS_MODINFO,
							  .name = order < 0 ? a.all[i] : b.all[k],
							  .n = order > 0 });
		i += order <= 0;
		k += order >= 0;
	}
	free(a.all);
	free(b.all);
	return err;
}

int ledger_list_sections(struct ledger *ledger)
{
	list_whole(ledger);
	return list_modinfo(ledger);
}
