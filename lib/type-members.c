// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two definitions of a structure: each member of the old one has to be in the new one, at the same
 * place and of the same type. A new member may only be where there was none.
 *
 * As in the source, members of an unnamed structure are members of the structure around it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/type-compare.h"
#include "lib/text.h"
#include "lib/type-members.h"
#include "lib/type-text.h"
#include "lib/type-pairs.h"

struct leaf {
	const char *name;
	Dwarf_Off type;
	long long place, size; /* in bits */
	long long bits; /* of a bit field, else 0 */
	bool matched;
};

struct leaves {
	const struct type_graph *graph;
	struct leaf *list;
	size_t n, cap;
};

static int add_leaf(struct leaves *leaves, const struct leaf *leaf)
{
	if (leaves->n == leaves->cap) {
		size_t cap = leaves->cap ? 2 * leaves->cap : 32;
		struct leaf *list = reallocarray(leaves->list, cap, sizeof(*list));

		if (!list)
			return -ENOMEM;
		leaves->list = list;
		leaves->cap = cap;
	}
	leaves->list[leaves->n++] = *leaf;
	return 0;
}

static int add_leaves(struct leaves *leaves, const struct type *type, long long base, int depth)
{
	const struct type_graph *graph = leaves->graph;
	int err = 0;

	for (size_t i = 0; i < type->n && !err && depth < TYPE_DEPTH_MAX; i++) {
		const struct slot *slot = type_slot(graph, type, i);
		const struct type *inner = slot->name ? NULL : graph_peel(graph, slot->type);
		struct leaf leaf = {
			.name = slot->name ?: "",
			.type = slot->type,
			.bits = slot->bits,
			.place = base + slot->place,
			.size = slot->bits ?: 8 * (long long)size_of_type(graph, slot->type),
		};

		if (inner && type_is_aggregate(inner))
			err = add_leaves(leaves, inner, leaf.place, depth + 1);
		else
			err = add_leaf(leaves, &leaf);
	}
	return err;
}

/* Parts of names of members that reserve room. */
static const char *const reserved_words[] = {
	"unused",  "reserved", "reserve", "resv",   "rsvd",  "pad",
	"padding", "spare",    "hole",	  "filler", "dummy",
};

static bool is_reserved_name(const char *name)
{
	while (*name) {
		size_t n = strcspn(name, "_0123456789");

		for (size_t i = 0; i < ARRAY_SIZE(reserved_words); i++)
			if (n == strlen(reserved_words[i]) && !strncmp(name, reserved_words[i], n))
				return true;
		name += n;
		name += strspn(name, "_0123456789");
	}
	return false;
}

/* A pointer or structure named "pad" is not reserved room. */
static bool is_reserved(const struct leaves *leaves, const struct leaf *leaf)
{
	const struct type *type = graph_element(leaves->graph, leaf->type);

	return type && type->tag == DW_TAG_base_type && is_reserved_name(leaf->name);
}

static char *leaf_text(const struct leaves *leaves, const struct leaf *leaf)
{
	char *type, *text;

	if (!leaf)
		return strdup("nothing there");
	type = graph_type_text(leaves->graph, leaf->type);
	if (!type)
		return NULL;
	if (leaf->bits)
		text = format("%s %s, %lld bits at bit %lld", type, leaf->name, leaf->bits,
			      leaf->place);
	else
		text = format("%s %s at offset %lld", type, leaf->name, leaf->place / 8);
	free(type);
	return text;
}

/* Both sides of one comparison; the findings are added to @pair. */
struct members {
	struct comparison *c;
	struct pair *pair;
	struct leaves old, new;
};

static void found(struct members *m, enum verdict verdict, const struct leaf *old,
		  const struct leaf *new, size_t order)
{
	pair_add(m->c, m->pair, verdict, order, strdup((new ?: old)->name), leaf_text(&m->old, old),
		 leaf_text(&m->new, new));
}

/*
 * Report the findings inside an unnamed structure as findings of the member that has it as its
 * type.
 */
static void take_inner(struct members *m, const struct pair *inner, const struct leaf *new,
		       size_t order)
{
	for (size_t i = 0; i < inner->n; i++) {
		const struct finding *f = &inner->findings[i];

		pair_add(m->c, m->pair, f->verdict, order,
			 f->where ? format("%s.%s", new->name, f->where) : strdup(new->name),
			 strdup(f->was), strdup(f->now));
	}
}

static void match_types(struct members *m, struct leaf *old, struct leaf *new, size_t order)
{
	enum verdict verdict = compare_types(m->c, old->type, new->type);
	const struct type *a = graph_element(m->c->old, old->type);
	const struct type *b = graph_element(m->c->new, new->type);
	struct pair *inner = NULL;

	if (verdict == VERDICT_SAME)
		return;
	if (a && b && type_is_compound(a) && type_is_compound(b) && are_unnamed(a, b))
		inner = pair_of(m->c, a, b);
	if (inner && inner->worst == verdict)
		take_inner(m, inner, new, order);
	else /* for example the bounds of an array */
		found(m, verdict, old, new, order);
}

static struct leaf *find_name(struct leaves *leaves, const char *name, size_t hint)
{
	if (hint < leaves->n && !leaves->list[hint].matched &&
	    !strcmp(leaves->list[hint].name, name))
		return &leaves->list[hint];
	for (size_t i = 0; i < leaves->n; i++)
		if (!leaves->list[i].matched && !strcmp(leaves->list[i].name, name))
			return &leaves->list[i];
	return NULL;
}

static bool same_place(const struct leaf *a, const struct leaf *b)
{
	return a->place == b->place && a->bits == b->bits;
}

static void match_by_name(struct members *m)
{
	for (size_t j = 0; j < m->new.n; j++) {
		struct leaf *new = &m->new.list[j], *old = find_name(&m->old, new->name, j);

		if (!old || (!*new->name && !same_place(old, new)))
			continue;
		/* reserved room may shrink and move */
		if (is_reserved(&m->old, old) && (!same_place(old, new) || old->size != new->size))
			continue;
		old->matched = new->matched = true;
		if (!same_place(old, new))
			found(m, VERDICT_DIFFERENT, old, new, j);
		else
			match_types(m, old, new, j);
	}
}

/* Only the name may differ: if the type differs as well, it is another member. */
static bool match_by_place(struct members *m, struct leaf *new, size_t order)
{
	for (size_t i = 0; i < m->old.n; i++) {
		struct leaf *old = &m->old.list[i];
		enum verdict verdict;

		if (old->matched || !same_place(old, new) || old->size != new->size ||
		    is_reserved(&m->old, old))
			continue;
		verdict = compare_types(m->c, old->type, new->type);
		old->matched = new->matched = true;
		found(m, verdict == VERDICT_SAME ? VERDICT_RENAMED : VERDICT_DIFFERENT, old, new,
		      order);
		return true;
	}
	return false;
}

static bool overlap(const struct leaf *a, const struct leaf *b)
{
	return a->place < b->place + b->size && b->place < a->place + a->size;
}

/*
 * A mark between members ("[0]", an empty structure) has no bytes. After the last member it is a
 * flexible array.
 */
static bool is_mark(const struct members *m, const struct leaf *leaf, const struct leaves *others)
{
	const struct type *type =
		graph_element(others == &m->old ? m->c->new : m->c->old, leaf->type);

	if (leaf->size)
		return false;
	for (size_t i = 0; i < others->n; i++)
		if (others->list[i].size &&
		    leaf->place < others->list[i].place + others->list[i].size)
			return true;
	return type && type_is_aggregate(type) && !type->size;
}

/*
 * struct_group() declares members once more, in a structure that has a name: all of them must
 * already exist under the same names. @leaf is one of @side.
 */
static bool is_group(struct members *m, const struct leaves *side, const struct leaf *leaf)
{
	const struct type *type = graph_peel(side->graph, leaf->type);
	struct leaves inner = { .graph = side->graph };
	bool is = type && type_is_aggregate(type) && !add_leaves(&inner, type, leaf->place, 0) &&
		  inner.n;

	for (size_t i = 0; i < inner.n && is; i++) {
		bool there = false;

		for (size_t o = 0; o < m->old.n && !there; o++)
			there = same_place(&m->old.list[o], &inner.list[i]) &&
				!strcmp(m->old.list[o].name, inner.list[i].name) &&
				(side == &m->old
					 ? m->old.list[o].type == inner.list[i].type
					 : compare_types(m->c, m->old.list[o].type,
							 inner.list[i].type) == VERDICT_SAME);
		is = there;
	}
	free(inner.list);
	return is;
}

/* The members of a group are compared by themselves: it doesn't take its padding. */
static bool lies_in_padding(struct members *m, const struct leaf *new)
{
	if (new->place + new->size > 8 * (long long)m->pair->old->size)
		return false;
	for (size_t i = 0; i < m->old.n; i++)
		if (overlap(&m->old.list[i], new) && !is_reserved(&m->old, &m->old.list[i]) &&
		    !is_group(m, &m->old, &m->old.list[i]))
			return false;
	return true;
}

static void account_for_new(struct members *m)
{
	for (size_t j = 0; j < m->new.n; j++) {
		struct leaf *new = &m->new.list[j];
		bool reserved = is_reserved(&m->new, new);

		if (new->matched || is_mark(m, new, &m->old) || match_by_place(m, new, j))
			continue;
		if (new->size && lies_in_padding(m, new)) {
			if (!reserved)
				found(m, VERDICT_PADDING, NULL, new, j);
		} else if (!is_group(m, &m->new, new)) {
			found(m, VERDICT_DIFFERENT, NULL, new, j);
		}
	}
}

static void account_for_old(struct members *m)
{
	for (size_t i = 0; i < m->old.n; i++)
		if (!m->old.list[i].matched && !is_reserved(&m->old, &m->old.list[i]) &&
		    !is_mark(m, &m->old.list[i], &m->new))
			found(m, VERDICT_DIFFERENT, &m->old.list[i], NULL, m->new.n + i);
}

static void compare_whole(struct members *m)
{
	const struct type *old = m->pair->old, *new = m->pair->new;

	if (old->size != new->size)
		pair_add(m->c, m->pair, VERDICT_DIFFERENT, SIZE_MAX, NULL,
			 format("%llu bytes", (unsigned long long)old->size),
			 format("%llu bytes", (unsigned long long)new->size));
	else if (new->alignment > old->alignment)
		pair_add(m->c, m->pair, VERDICT_DIFFERENT, SIZE_MAX, NULL,
			 format("aligned to %u bytes", old->alignment),
			 format("aligned to %u bytes", new->alignment));
}

void compare_members(struct comparison *c, struct pair *pair)
{
	struct members m = {
		.c = c,
		.pair = pair,
		.old.graph = c->old,
		.new.graph = c->new,
	};

	if (add_leaves(&m.old, pair->old, 0, 0) || add_leaves(&m.new, pair->new, 0, 0)) {
		c->failed = true;
	} else {
		match_by_name(&m);
		account_for_new(&m);
		account_for_old(&m);
		compare_whole(&m);
	}
	free(m.old.list);
	free(m.new.list);
}
