// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New code reads the running kernel's data through its own types: the type of a
 * variable, of a member, of what a pointer points to. So two types are the same
 * if everything that is reached through them is the same. A name is only a hint:
 * a structure may be renamed, and another structure may get its name.
 *
 * Two types of one name have a pair of their own, which is compared once however
 * many members use it. Two types of different names are compared at once: using
 * one as the other is right only if their contents are the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/type-compare.h"
#include "lib/type-pairs.h"

/* Typedefs that give the byte order, which no base type does. */
static const struct {
	const char *name, *order;
} byte_orders[] = {
	{ "__be16", "be" }, { "__be32", "be" }, { "__be64", "be" },  { "__le16", "le" },
	{ "__le32", "le" }, { "__le64", "le" }, { "__sum16", "be" }, { "__wsum", "be" },
};

static const char *byte_order(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type *type = graph_type(graph, offset);

	for (int depth = 0; type && depth < TYPE_DEPTH_MAX; depth++) {
		for (size_t i = 0; i < ARRAY_SIZE(byte_orders); i++)
			if (type->tag == DW_TAG_typedef && type->name &&
			    !strcmp(type->name, byte_orders[i].name))
				return byte_orders[i].order;
		if (type->tag != DW_TAG_typedef && type->tag != DW_TAG_const_type &&
		    type->tag != DW_TAG_volatile_type)
			return "";
		type = graph_type(graph, type->to);
	}
	return "";
}

static enum verdict worse(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

/* An array of arrays counts as one array of all elements. */
struct array {
	long long bounds[TYPE_DEPTH_MAX];
	size_t n;
	Dwarf_Off element;
};

static void read_array(const struct type_graph *graph, const struct type *type, struct array *array)
{
	array->n = 0;
	do {
		for (size_t i = 0; i < type->n && array->n < TYPE_DEPTH_MAX; i++)
			array->bounds[array->n++] = type_slot(graph, type, i)->place;
		array->element = type->to;
		type = graph_peel(graph, type->to);
	} while (type && type->tag == DW_TAG_array_type && array->n < TYPE_DEPTH_MAX);
}

uint64_t size_of_type(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type *type = graph_peel(graph, offset);
	struct array array;
	uint64_t size;

	if (!type || type->tag != DW_TAG_array_type)
		return type ? type->size : 0;
	read_array(graph, type, &array);
	type = graph_peel(graph, array.element);
	size = type ? type->size : 0;
	for (size_t i = 0; i < array.n; i++)
		size *= array.bounds[i];
	return size;
}

static bool is_integer(const struct type *type)
{
	if (type->tag == DW_TAG_enumeration_type)
		return true;
	switch (type->tag == DW_TAG_base_type ? type->encoding : 0) {
	case DW_ATE_boolean:
	case DW_ATE_signed:
	case DW_ATE_signed_char:
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
	case DW_ATE_UTF:
		return true;
	default:
		return false;
	}
}

/* Signed and unsigned, bool and enumerations read few values differently, often none that occur. */
static enum verdict compare_scalars(const struct type *old, const struct type *new)
{
	if (old->size != new->size)
		return VERDICT_DIFFERENT;
	if (old->tag == new->tag && old->encoding == new->encoding)
		return VERDICT_SAME;
	return is_integer(old) && is_integer(new) ? VERDICT_RETYPED : VERDICT_DIFFERENT;
}

static enum verdict compare_arrays(struct comparison *c, const struct type *old,
				   const struct type *new, enum array_bounds bounds)
{
	struct array a, b;

	read_array(c->old, old, &a);
	read_array(c->new, new, &b);
	if (bounds == SAME_BOUNDS &&
	    (a.n != b.n || memcmp(a.bounds, b.bounds, a.n * sizeof(*a.bounds))))
		return VERDICT_DIFFERENT;
	return compare_types(c, a.element, b.element);
}

/*
 * Callers through an old pointer and the functions that are called through it must agree on this.
 */
static enum verdict compare_prototypes(struct comparison *c, const struct type *old,
				       const struct type *new)
{
	enum verdict verdict = compare_types(c, old->to, new->to);

	if (!old->prototyped || !new->prototyped)
		return old->n && new->n ? VERDICT_DIFFERENT : verdict;
	if (old->n != new->n || old->variadic != new->variadic)
		return VERDICT_DIFFERENT;
	for (size_t i = 0; i < old->n; i++)
		verdict = worse(verdict, compare_types(c, type_slot(c->old, old, i)->type,
						       type_slot(c->new, new, i)->type));
	return verdict;
}

/* A change from or to void * changes no bit of the pointer, nor what it points to. */
static enum verdict compare_pointers(struct comparison *c, const struct type *old,
				     const struct type *new)
{
	const struct type *a = graph_peel(c->old, old->to), *b = graph_peel(c->new, new->to);
	const struct type *known = a ?: b;

	if (!a && !b)
		return VERDICT_SAME;
	if (!a || !b)
		return known->tag == DW_TAG_subroutine_type ? VERDICT_DIFFERENT : VERDICT_RETYPED;
	return compare_types(c, old->to, new->to);
}

/*
 * A counter that becomes an atomic_t, a spinlock_t that becomes a raw_spinlock_t: the only member
 * of a structure is at the structure's own offset. Moves *@offset to that member.
 */
static bool unwrap(const struct type_graph *graph, Dwarf_Off *offset)
{
	const struct type *type = graph_peel(graph, *offset);
	const struct slot *slot;

	if (!type || !type_is_aggregate(type) || type->n != 1)
		return false;
	slot = type_slot(graph, type, 0);
	if (slot->place || slot->bits || size_of_type(graph, slot->type) != type->size)
		return false;
	*offset = slot->type;
	return true;
}

static enum verdict compare_unwrapped(struct comparison *c, Dwarf_Off old, Dwarf_Off new)
{
	bool wrapped = false;

	while (unwrap(c->old, &old))
		wrapped = true;
	while (unwrap(c->new, &new))
		wrapped = true;
	return wrapped ? worse(VERDICT_RETYPED, compare_types(c, old, new)) : VERDICT_DIFFERENT;
}

static enum verdict compare_compounds(struct comparison *c, const struct type *old,
				      const struct type *new)
{
	bool same_name = old->name && new->name && !strcmp(old->name, new->name);
	struct pair *pair;
	enum verdict verdict;

	if (old->declaration || new->declaration) /* nothing is known of a type of another name */
		return same_name ? VERDICT_SAME : VERDICT_DIFFERENT;
	pair = pair_of(c, old, new);
	if (!pair)
		return VERDICT_DIFFERENT;
	if (same_name && old->tag == new->tag) {
		pair->announced = true;
		return VERDICT_SAME;
	}
	verdict = pair_compare(c, pair);
	if (are_unnamed(old, new))
		return verdict;
	if (verdict != VERDICT_DIFFERENT || may_be_renamed(c, old, new)) {
		pair->announced = true;
		return VERDICT_SAME;
	}
	return verdict;
}

static enum verdict compare_peeled(struct comparison *c, const struct type *old,
				   const struct type *new, enum array_bounds bounds)
{
	if (is_integer(old) && is_integer(new) && old->tag != new->tag)
		return compare_scalars(old, new);
	if (type_is_aggregate(old) && type_is_aggregate(new))
		return compare_compounds(c, old, new);
	if (old->tag != new->tag)
		return VERDICT_DIFFERENT;
	switch (old->tag) {
	case DW_TAG_base_type:
		return compare_scalars(old, new);
	case DW_TAG_enumeration_type:
		return compare_compounds(c, old, new);
	case DW_TAG_pointer_type:
		return compare_pointers(c, old, new);
	case DW_TAG_array_type:
		return compare_arrays(c, old, new, bounds);
	case DW_TAG_subroutine_type:
		return compare_prototypes(c, old, new);
	default: /* tags of other languages */
		return VERDICT_DIFFERENT;
	}
}

enum verdict compare_variable_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new,
				    enum array_bounds bounds)
{
	const struct type *a = graph_peel(c->old, old), *b = graph_peel(c->new, new);
	enum verdict verdict;

	if (!a || !b)
		return a || b ? VERDICT_DIFFERENT : VERDICT_SAME;
	if (strcmp(byte_order(c->old, old), byte_order(c->new, new)))
		return VERDICT_DIFFERENT;
	verdict = compare_peeled(c, a, b, bounds);
	return verdict == VERDICT_DIFFERENT ? compare_unwrapped(c, old, new) : verdict;
}

enum verdict compare_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new)
{
	return compare_variable_types(c, old, new, SAME_BOUNDS);
}

bool are_unnamed(const struct type *old, const struct type *new)
{
	return !old->name && !new->name;
}

bool may_be_renamed(const struct comparison *c, const struct type *old, const struct type *new)
{
	return !type_names_have(&c->new_names, old) && !type_names_have(&c->old_names, new);
}
