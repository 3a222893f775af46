// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the entries of special sections that were added, removed or changed. An
 * entry has no name: it belongs to the code that it is about, and is one of a
 * sequence. So entry n of a function is compared with entry n of its twin. One
 * row of the ledger stands for all entries of one section that differ.
 */
#include <string.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/ledger-entries.h"
#include "create-diff-object/ledger-compare.h"
#include "create-diff-object/ledger-add.h"

/* The first entry at or after @entry that is in the section @list. */
static struct atom *in_list(struct atom *entry, const char *list)
{
	while (entry && strcmp(entry->section->elf->name, list))
		entry = entry->next_entry;
	return entry;
}

static bool same_entry(const struct atom *a, const struct atom *b)
{
	if (!ledger_same_content(a, b, WITH_ENDBR))
		return false;
	return !a->pair == !b->pair && (!a->pair || ledger_same_content(a->pair, b->pair, false));
}

static size_t count_differing(struct atom *a, struct atom *b, const char *list)
{
	size_t n = 0;

	a = in_list(a, list);
	b = in_list(b, list);
	while (a || b) {
		n += !a || !b || !same_entry(a, b);
		a = a ? in_list(a->next_entry, list) : NULL;
		b = b ? in_list(b->next_entry, list) : NULL;
	}
	return n;
}

/* Is @entry the first one of its section among the entries from @first on? */
static bool is_first(struct atom *first, const struct atom *entry)
{
	return in_list(first, entry->section->elf->name) == entry;
}

static void list_sections_of(struct ledger *ledger, struct atom *original, struct atom *patched,
			     struct atom *from, const struct atom *unless)
{
	struct atom *old = original ? original->entries : NULL;
	struct atom *new = patched ? patched->entries : NULL;

	for (struct atom *entry = from; entry; entry = entry->next_entry) {
		const char *list = entry->section->elf->name;
		size_t n;

		if (!is_first(from, entry) || (unless && in_list(unless->entries, list)))
			continue;
		n = count_differing(old, new, list);
		if (n)
			ledger_add(ledger, (struct ledger_entry){ .differs = DIFFERS_ENTRIES,
								  .original = original,
								  .patched = patched,
								  .name = list,
								  .list = entry->section->rule,
								  .n = n });
	}
}

void ledger_list_entries(struct ledger *ledger)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(ledger->patched, s)
		section_for_each_atom(s, atom) {
			struct atom *was = ledger_partner(atom);

			list_sections_of(ledger, was, atom, atom->entries, NULL);
			if (was)
				list_sections_of(ledger, was, atom, was->entries, atom);
		}
	unit_for_each_section(ledger->original, s)
		section_for_each_atom(s, atom)
			if (!ledger_partner(atom))
				list_sections_of(ledger, atom, NULL, atom->entries, NULL);
}
