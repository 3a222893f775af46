// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Chains are kept in the order of the file, so that the first match is the first
 * in the file: if a hundred symbols have one name, the symbol that a tool gets
 * must not depend on the history of the table.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-names.h"

struct entry {
	struct entry *next;
	const char *name;
	void *item;
	size_t order;
	uint32_t hash;
};

/* An object may have a million symbols of one name, so adding one must not walk the chain. */
struct bucket {
	struct entry *first, *last;
};

struct elf_names {
	struct bucket *buckets;
	size_t n_buckets; /* a power of two */
	size_t n_entries;
	size_t last_order;
};

/* FNV-1a: short, and good enough for names that share long prefixes. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

struct elf_names *elf_names_new(void)
{
	struct elf_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->n_buckets = 256;
	names->buckets = calloc(names->n_buckets, sizeof(*names->buckets));
	if (!names->buckets) {
		free(names);
		return NULL;
	}
	return names;
}

void elf_names_free(struct elf_names *names)
{
	struct entry *e, *next;

	if (!names)
		return;
	for (size_t i = 0; i < names->n_buckets; i++) {
		for (e = names->buckets[i].first; e; e = next) {
			next = e->next;
			free(e);
		}
	}
	free(names->buckets);
	free(names);
}

static void insert(struct bucket *buckets, size_t n_buckets, struct entry *entry)
{
	struct bucket *bucket = &buckets[entry->hash & (n_buckets - 1)];
	struct entry **at = &bucket->first;

	if (bucket->last && bucket->last->order < entry->order)
		at = &bucket->last->next;
	while (*at && (*at)->order < entry->order)
		at = &(*at)->next;
	entry->next = *at;
	*at = entry;
	if (!entry->next)
		bucket->last = entry;
}

static bool grow(struct elf_names *names)
{
	size_t n_buckets = names->n_buckets * 4;
	struct bucket *buckets = calloc(n_buckets, sizeof(*buckets));
	struct entry *e, *next;

	if (!buckets)
		return false;
	for (size_t i = 0; i < names->n_buckets; i++) {
		for (e = names->buckets[i].first; e; e = next) {
			next = e->next;
			insert(buckets, n_buckets, e);
		}
	}
	free(names->buckets);
	names->buckets = buckets;
	names->n_buckets = n_buckets;
	return true;
}

size_t elf_names_add(struct elf_names *names, const char *name, void *item, size_t order)
{
	struct entry *entry;

	if (names->n_entries >= names->n_buckets && !grow(names))
		return 0;
	entry = malloc(sizeof(*entry));
	if (!entry)
		return 0;
	*entry = (struct entry){
		.name = name,
		.item = item,
		.order = order ?: ++names->last_order,
		.hash = hash_of(name),
	};
	insert(names->buckets, names->n_buckets, entry);
	names->n_entries++;
	return entry->order;
}

size_t elf_names_remove(struct elf_names *names, const char *name, const void *item)
{
	struct bucket *bucket = &names->buckets[hash_of(name) & (names->n_buckets - 1)];
	struct entry **at = &bucket->first, *entry, *before = NULL;
	size_t order;

	while (*at && (*at)->item != item) {
		before = *at;
		at = &before->next;
	}
	entry = *at;
	if (!entry)
		return 0;
	order = entry->order;
	*at = entry->next;
	if (bucket->last == entry)
		bucket->last = before;
	free(entry);
	names->n_entries--;
	return order;
}

void *elf_names_find(const struct elf_names *names, const char *name)
{
	uint32_t hash = hash_of(name);
	struct entry *e = names->buckets[hash & (names->n_buckets - 1)].first;

	for (; e; e = e->next)
		if (e->hash == hash && !strcmp(e->name, name))
			return e->item;
	return NULL;
}
