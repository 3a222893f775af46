// SPDX-License-Identifier: GPL-2.0-or-later
/* The pairs of types that a comparison has met, and the list of types by name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/type-compare.h"
#include "lib/type-enums.h"
#include "lib/type-members.h"
#include "lib/type-pairs.h"

static size_t hash_of(const struct type *old, const struct type *new)
{
	return (old->offset * 0x9e3779b1u) ^ (new->offset * 0x85ebca6bu);
}

static struct pair **find_place(const struct comparison *c, const struct type *old,
				const struct type *new)
{
	size_t at = hash_of(old, new) % c->n_table;

	while (c->table[at] && (c->table[at]->old != old || c->table[at]->new != new))
		at = (at + 1) % c->n_table;
	return &c->table[at];
}

/* Keep at least twice as many slots as pairs. */
static int grow_table(struct comparison *c)
{
	struct pair **table = c->table;

	if (2 * (c->n + 1) < c->n_table)
		return 0;
	c->table = calloc(c->n_table ? 4 * c->n_table : 4096, sizeof(*table));
	if (!c->table) {
		c->table = table;
		return -ENOMEM;
	}
	c->n_table = c->n_table ? 4 * c->n_table : 4096;
	free(table);
	for (size_t i = 0; i < c->n; i++)
		*find_place(c, c->pairs[i]->old, c->pairs[i]->new) = c->pairs[i];
	return 0;
}

static struct pair *add_pair(struct comparison *c, const struct type *old, const struct type *new)
{
	struct pair *pair;

	if (c->n == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 1024;
		struct pair **pairs = reallocarray(c->pairs, cap, sizeof(*pairs));

		if (!pairs)
			return NULL;
		c->pairs = pairs;
		c->cap = cap;
	}
	pair = calloc(1, sizeof(*pair));
	if (!pair)
		return NULL;
	pair->old = old;
	pair->new = new;
	c->pairs[c->n++] = pair;
	return pair;
}

struct pair *pair_of(struct comparison *c, const struct type *old, const struct type *new)
{
	struct pair **place;

	if (grow_table(c)) {
		c->failed = true;
		return NULL;
	}
	place = find_place(c, old, new);
	if (!*place)
		*place = add_pair(c, old, new);
	c->failed |= !*place;
	return *place;
}

enum verdict pair_compare(struct comparison *c, struct pair *pair)
{
	if (pair->begun)
		return pair->worst;
	pair->begun = true;
	if (type_is_aggregate(pair->old) && type_is_aggregate(pair->new))
		compare_members(c, pair);
	else
		compare_enumerators(c, pair);
	return pair->worst;
}

void pair_add(struct comparison *c, struct pair *pair, enum verdict verdict, size_t order,
	      char *where, char *was, char *now)
{
	struct finding *all = reallocarray(pair->findings, pair->n + 1, sizeof(*all));

	if (all)
		pair->findings = all;
	if (!all || !was || !now) {
		c->failed = true;
		free(where);
		free(was);
		free(now);
		return;
	}
	all[pair->n++] = (struct finding){ verdict, order, where, was, now };
	if (verdict > pair->worst)
		pair->worst = verdict;
}

const struct finding *pair_first(const struct pair *pair, enum verdict verdict)
{
	const struct finding *first = NULL;

	for (size_t i = 0; i < pair->n; i++)
		if (pair->findings[i].verdict == verdict &&
		    (!first || pair->findings[i].order < first->order))
			first = &pair->findings[i];
	return first;
}

static int kind_order(const struct type *a, const struct type *b)
{
	return (a->tag - b->tag) ?: strcmp(a->name ?: "", b->name ?: "");
}

int type_order(const struct type *a, const struct type *b)
{
	return kind_order(a, b) ?: strcmp(a->scope ?: "", b->scope ?: "");
}

static int by_name(const void *a, const void *b)
{
	const struct type *x = *(const struct type **)a, *y = *(const struct type **)b;

	return type_order(x, y) ?: (x->line - y->line) ?: (x->offset > y->offset) - (x->offset < y->offset);
}

static bool has_name(const struct type *type)
{
	return type_is_compound(type) && type->name;
}

static bool is_enum(const struct type *type)
{
	return type->tag == DW_TAG_enumeration_type;
}

static int list_types(const struct type_graph *graph, bool (*wanted)(const struct type *type),
		      struct names *names)
{
	names->list = calloc(graph->n + 1, sizeof(*names->list));
	if (!names->list)
		return -ENOMEM;
	for (size_t i = 0; i < graph->n; i++)
		if (wanted(&graph->types[i]))
			names->list[names->n++] = &graph->types[i];
	if (names->n)
		qsort(names->list, names->n, sizeof(*names->list), by_name);
	return 0;
}

bool type_names_have(const struct names *names, const struct type *like)
{
	size_t low = 0, high = names->n;

	while (low < high && like->name) {
		size_t middle = (low + high) / 2;
		int order = kind_order(names->list[middle], like);

		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

int comparison_begin(struct comparison *c, const struct type_graph *old,
		     const struct type_graph *new)
{
	memset(c, 0, sizeof(*c));
	c->old = old;
	c->new = new;
	return list_types(old, has_name, &c->old_names) ?: list_types(new, has_name, &c->new_names)
	       ?: list_types(old, is_enum, &c->old_enums) ?: list_types(new, is_enum, &c->new_enums);
}

void comparison_end(struct comparison *c)
{
	for (size_t i = 0; i < c->n; i++) {
		for (size_t f = 0; f < c->pairs[i]->n; f++) {
			free(c->pairs[i]->findings[f].where);
			free(c->pairs[i]->findings[f].was);
			free(c->pairs[i]->findings[f].now);
		}
		free(c->pairs[i]->findings);
		free(c->pairs[i]);
	}
	free(c->pairs);
	free(c->table);
	free(c->old_names.list);
	free(c->new_names.list);
	free(c->old_enums.list);
	free(c->new_enums.list);
}
