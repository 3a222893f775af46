// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the entries of tables and sorts them; see tables.h. */
#include <errno.h>
#include <stdlib.h>

#include "kpatch-build/prove/tables.h"
#include "kpatch-build/prove/shipped-code.h"

const struct section_rule *table_rule_for(const struct elf_section *section)
{
	for (size_t i = 0; i < n_section_rules; i++)
		if (section_rules[i].width && section_rule_fits(&section_rules[i], section->name))
			return &section_rules[i];
	return NULL;
}

static int compare_entries(const void *a, const void *b)
{
	const struct table_entry *x = a, *y = b;
	uint32_t i = x->key_section ? x->key_section->index : 0;
	uint32_t j = y->key_section ? y->key_section->index : 0;

	if (i != j)
		return i < j ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	/* several entries about one place: in the order of the source */
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Most tables are already sorted. */
static void sort(struct table *table)
{
	for (size_t i = 1; i < table->n; i++) {
		if (compare_entries(&table->list[i - 1], &table->list[i]) > 0) {
			qsort(table->list, table->n, sizeof(*table->list), compare_entries);
			return;
		}
	}
}

size_t table_first(const struct table *table, const struct elf_section *section, uint64_t key)
{
	struct table_entry wanted = { .key_section = section, .key = key };
	size_t low = 0, high = table->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_entries(&table->list[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct elf_rela *key_of(const struct elf_section *section, uint64_t offset)
{
	const struct elf_rela *rela;

	elf_for_each_rela(section, rela)
		if (rela->offset == offset)
			return rela;
	return NULL;
}

/* Do all relocations of a section fit entries of @size, each with its key? */
static bool has_size(const struct elf_section *section, const struct section_rule *rule,
		     unsigned int size)
{
	const struct elf_rela *rela;
	size_t keys = 0;

	elf_for_each_rela(section, rela)
		keys += rela->offset % size == rule->owner;
	return size && section->size % size == 0 && keys == section->size / size;
}

static int add_section(struct table *table, const struct elf_section *section,
		       const struct section_rule *rule)
{
	const size_t n = section->size / table->size;
	struct table_entry *list = realloc(table->list, (table->n + n + 1) * sizeof(*list));
	const struct elf_rela *rela = section->relas, *end = rela + section->n_relas;

	if (!list)
		return -ENOMEM;
	table->list = list;
	for (size_t i = 0; i < n; i++) {
		struct table_entry *entry = &list[table->n++];
		uint64_t key = i * table->size + rule->owner;

		*entry = (struct table_entry){ .section = section, .offset = i * table->size };
		while (rela < end && rela->offset < key)
			rela++;
		if (rela == end || rela->offset != key)
			rela = key_of(section, key) ?: end; /* the relocations may be unsorted */
		if (rela == end || !rela->symbol)
			continue;
		entry->key_section = rela->symbol->section;
		entry->key = rela->symbol->value + rela->addend;
	}
	return 0;
}

int table_of_unit(const struct elf_model *unit, const struct section_rule *rule,
		  struct table *table)
{
	const struct elf_section *s;
	int err = 0;

	*table = (struct table){ 0 };
	elf_for_each_section(unit, s) {
		if (!s->size || !s->data || !section_rule_fits(rule, s->name))
			continue;
		for (size_t i = 0; !table->size && i < 2; i++)
			if (has_size(s, rule, rule->sizes[i]))
				table->size = rule->sizes[i];
		if (!has_size(s, rule, table->size))
			return -EINVAL;
		err = add_section(table, s, rule);
		if (err)
			return err;
	}
	sort(table);
	return 0;
}

static bool read_key(const struct shipped_code *code, const struct section_rule *rule,
		     const struct shipped_function *whole, uint64_t offset,
		     struct shipped_place *key)
{
	return shipped_reference(code, whole, offset + rule->owner, rule->width,
				 rule->width == 4 ? PC_RELATIVE : ABSOLUTE, key);
}

/*
 * Our unit has no entry that tells the size: it is the one with which all entries are about code.
 */
static bool fits(const struct shipped_code *code, const struct section_rule *rule,
		 const struct shipped_function *whole, unsigned int size)
{
	struct shipped_place key;

	if (!size || whole->size % size)
		return false;
	for (uint64_t at = 0; at < whole->size; at += size)
		if (!read_key(code, rule, whole, at, &key) || !shipped_is_code(code, &key))
			return false;
	return true;
}

int table_of_object(const struct shipped_code *code, const struct section_rule *rule,
		    unsigned int size, struct table *table)
{
	struct shipped_function whole;
	struct shipped_place key;

	*table = (struct table){ 0 };
	if (!shipped_table(code, rule->module ?: rule->name, rule->start, rule->stop, &whole))
		return 0;
	if (!size)
		size = rule->sizes[1] && !fits(code, rule, &whole, rule->sizes[0]) ? rule->sizes[1]
										   : rule->sizes[0];
	if (whole.size % size)
		return -EINVAL;
	table->size = size;
	table->list = calloc(whole.size / size + 1, sizeof(*table->list));
	if (!table->list)
		return -ENOMEM;
	for (uint64_t at = 0; at < whole.size; at += size) {
		struct table_entry *entry = &table->list[table->n++];

		*entry = (struct table_entry){ .section = whole.place.section,
					       .offset = whole.place.offset + at };
		if (read_key(code, rule, &whole, at, &key) && !key.undefined) {
			entry->key_section = key.section;
			entry->key = key.offset;
		}
	}
	sort(table);
	return 0;
}

void table_free(struct table *table)
{
	free(table->list);
	*table = (struct table){ 0 };
}
