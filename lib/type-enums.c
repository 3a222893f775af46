// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Data holds the values of enumerators, and code names them: each name has to
 * keep its value. C has one name space for the enumerators of a file, so an
 * enumerator's name finds its enumeration, even if that was renamed or has no
 * name.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/type-compare.h"
#include "lib/text.h"
#include "lib/type-enums.h"
#include "lib/type-pairs.h"

/* Parts of the names of enumerators that count the others, or follow the last one. */
static const char *const sentinel_words[] = {
	"max", "num", "nr", "cnt", "count", "last", "end", "size", "total", "number",
};

static bool is_sentinel_name(const char *name)
{
	while (*name) {
		size_t n = strcspn(name, "_");

		for (size_t i = 0; i < ARRAY_SIZE(sentinel_words); i++)
			if (n == strlen(sentinel_words[i]) &&
			    !strncasecmp(name, sentinel_words[i], n))
				return true;
		name += n + strspn(name + n, "_");
	}
	return false;
}

const struct slot *find_enumerator(const struct type_graph *graph, const struct names *enums,
				   const char *scope, const char *name, const struct type **type)
{
	for (size_t i = 0; i < enums->n; i++) {
		const struct type *one = enums->list[i];

		if (strcmp(one->scope ?: "", scope ?: ""))
			continue;
		for (size_t s = 0; s < one->n; s++) {
			const struct slot *slot = type_slot(graph, one, s);

			if (slot->name && !strcmp(slot->name, name)) {
				if (type)
					*type = one;
				return slot;
			}
		}
	}
	return NULL;
}

static const struct slot *find_name(const struct type_graph *graph, const struct type *type,
				    const char *name)
{
	for (size_t i = 0; i < type->n; i++)
		if (!strcmp(type_slot(graph, type, i)->name ?: "", name))
			return type_slot(graph, type, i);
	return NULL;
}

/* No other enumerator has a larger value, except other sentinels: __FOO_MAX and FOO_MAX. */
static bool is_behind_all(const struct type_graph *graph, const struct type *type,
			  const struct slot *sentinel)
{
	for (size_t i = 0; i < type->n; i++) {
		const struct slot *slot = type_slot(graph, type, i);

		if (slot->place > sentinel->place && !is_sentinel_name(slot->name ?: ""))
			return false;
	}
	return true;
}

static char *enumerator_text(const struct slot *slot)
{
	return slot ? format("%s = %lld", slot->name ?: "", slot->place) : strdup("no such name");
}

struct enumerations {
	struct comparison *c;
	struct pair *pair;
};

static void found(const struct enumerations *e, enum verdict verdict, const struct slot *old,
		  const struct slot *new, size_t order)
{
	pair_add(e->c, e->pair, verdict, order, strdup((new ?: old)->name ?: ""),
		 enumerator_text(old), enumerator_text(new));
}

static void compare_values(const struct enumerations *e, const struct slot *old,
			   const struct slot *new, size_t order)
{
	bool sentinel = is_sentinel_name(old->name) &&
			old->place < new->place &&is_behind_all(e->c->old, e->pair->old, old) &&
			is_behind_all(e->c->new, e->pair->new, new);

	if (old->place != new->place)
		found(e, sentinel ? VERDICT_SENTINEL : VERDICT_DIFFERENT, old, new, order);
}

/* No enumeration in @enums has this enumerator. */
static bool is_nowhere(const struct type_graph *graph, const struct names *enums,
		       const struct type *type, const struct slot *slot)
{
	return !find_enumerator(graph, enums, type->scope, slot->name, NULL);
}

/* The name that only the new enumeration has, and that now has the value. */
static const struct slot *other_name(const struct enumerations *e, long long value)
{
	for (size_t i = 0; i < e->pair->new->n; i++) {
		const struct slot *new = type_slot(e->c->new, e->pair->new, i);

		if (new->name &&new->place == value &&
		    !find_name(e->c->old, e->pair->old, new->name))
			return new;
	}
	return NULL;
}

/* The number of names of @type that @other doesn't have. */
static size_t count_missing(const struct type_graph *graph, const struct type *type,
			    const struct type_graph *other_graph, const struct type *other)
{
	size_t n = 0;

	for (size_t i = 0; i < type->n; i++) {
		const char *name = type_slot(graph, type, i)->name;

		n += name && !find_name(other_graph, other, name);
	}
	return n;
}

/* Does the value keep another name that it had before? */
static bool keeps_a_name(const struct enumerations *e, long long value)
{
	for (size_t i = 0; i < e->pair->old->n; i++) {
		const struct slot *old = type_slot(e->c->old, e->pair->old, i), *new;

		new = old->name && old->place == value
			      ? find_name(e->c->new, e->pair->new, old->name)
			      : NULL;
		if (new &&new->place == value)
			return true;
	}
	return false;
}

/*
 * A gone name whose value has a new name was renamed, unless more names are new than gone: then
 * something was inserted among them, and which name is which can't be told. If another enumeration
 * has the gone names, this enumeration is a different one.
 */
static void compare_gone(const struct enumerations *e)
{
	const struct type *old = e->pair->old, *new = e->pair->new;
	size_t gone = count_missing(e->c->old, old, e->c->new, new);
	size_t added = count_missing(e->c->new, new, e->c->old, old);
	bool unlike = gone && gone == old->n && added == new->n; /* they have no name in common */

	for (size_t i = 0; i < old->n && gone; i++) {
		const struct slot *slot = type_slot(e->c->old, old, i), *other;
		bool renamed;

		if (!slot->name || find_name(e->c->new, new, slot->name) ||
		    keeps_a_name(e, slot->place))
			continue;
		other = other_name(e, slot->place);
		renamed = other && added <= gone &&
			  is_nowhere(e->c->new, &e->c->new_enums, new, slot) &&
			  is_nowhere(e->c->old, &e->c->old_enums, old, other);
		if (other || unlike)
			found(e, renamed ? VERDICT_RENAMED : VERDICT_DIFFERENT, slot, other, i);
	}
}

void compare_enumerators(struct comparison *c, struct pair *pair)
{
	struct enumerations e = { c, pair };

	for (size_t j = 0; j < pair->new->n; j++) {
		const struct slot *new = type_slot(c->new, pair->new, j), *old;

		old = new->name ? find_name(c->old, pair->old, new->name) : NULL;
		if (old)
			compare_values(&e, old, new, j);
	}
	compare_gone(&e);
	if (pair->old->size != pair->new->size)
		pair_add(c, pair, VERDICT_DIFFERENT, SIZE_MAX, NULL,
			 format("%llu bytes", (unsigned long long)pair->old->size),
			 format("%llu bytes", (unsigned long long)pair->new->size));
}
