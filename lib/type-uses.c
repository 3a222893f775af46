// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A variable of the file, or a static variable of a function, holds data that is older than the new
 * code: its old and its new type are one pair, whatever their names are. A parameter or a local
 * pointer leads to such data as well, but a changed function may use its locals for something else.
 * There only a type that is gone, or new, shows that the type may have been renamed.
 *
 * All other types are paired by name. Code also reaches data through casts, and debug information
 * only shows that the type of a cast exists.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/type-uses.h"
#include "lib/type-pairs.h"

struct pass {
	struct comparison *c;
	file_changes_fn changes;
	void *arg;
	struct changed_variables *variables;
};

static struct pair *announce(struct comparison *c, const struct type *old, const struct type *new)
{
	struct pair *pair = pair_of(c, old, new);

	if (pair) {
		pair->announced = true;
		pair_compare(c, pair);
	}
	return pair;
}

bool type_is_constant(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type *type = graph_type(graph, offset);

	for (int depth = 0; type && depth < TYPE_DEPTH_MAX; depth++) {
		if (type->tag == DW_TAG_const_type)
			return true;
		if (type->tag != DW_TAG_typedef && type->tag != DW_TAG_array_type &&
		    type->tag != DW_TAG_volatile_type)
			return false;
		type = graph_type(graph, type->to);
	}
	return false;
}

static void add_variable(struct pass *pass, const struct use *old, const struct use *new,
			 enum verdict verdict)
{
	struct changed_variables *all = pass->variables;
	struct changed_variable *list = reallocarray(all->list, all->n + 1, sizeof(*list));
	const struct type *a = graph_element(pass->c->old, old->type),
			  *b = graph_element(pass->c->new, new->type);
	bool inner = a && b && type_is_compound(a) && type_is_compound(b) && are_unnamed(a, b);

	if (!list) {
		pass->c->failed = true;
		return;
	}
	all->list = list;
	list[all->n++] = (struct changed_variable){
		old, new, verdict, inner ? pair_of(pass->c, a, b) : NULL, 0,
	};
}

/* If a variable that this unit defines has another size, create-diff-object reports it (KS105). */
static void compare_variables(struct pass *pass, const struct use *old, const struct use *new)
{
	struct comparison *c = pass->c;
	bool same_size = size_of_type(c->old, old->type) == size_of_type(c->new, new->type);
	const struct type *a = graph_peel(c->old, old->type), *b = graph_peel(c->new, new->type);
	bool arrays = a && b && a->tag == DW_TAG_array_type && b->tag == DW_TAG_array_type;
	enum verdict verdict;

	if (type_is_constant(c->old, old->type) && type_is_constant(c->new, new->type))
		return;
	if (!same_size && !arrays && (old->defined || new->defined))
		return;
	verdict = compare_variable_types(c, old->type, new->type,
					 same_size ? SAME_BOUNDS : ANY_BOUNDS);
	if (verdict != VERDICT_SAME)
		add_variable(pass, old, new, verdict);
}

/* Do both have mostly the same members' names? A renamed structure keeps most of them. */
static bool are_alike(const struct comparison *c, const struct type *old, const struct type *new)
{
	size_t common = 0, named = 0;

	for (size_t i = 0; i < old->n; i++) {
		const char *name = type_slot(c->old, old, i)->name;

		named += !!name;
		for (size_t j = 0; j < new->n &&name; j++)
			if (!strcmp(type_slot(c->new, new, j)->name ?: "", name)) {
				common++;
				break;
			}
	}
	return common && 2 * common >= named;
}

static bool file_changes(const struct pass *pass, const struct type *type)
{
	return !pass->changes || !type->file || pass->changes(type->file, pass->arg);
}

/*
 * The same pointer pointed to @old and now points to @new. If @old is gone and @new is new, they
 * are one type under two names. If only one of that is so, they may be, if they look alike.
 */
static void compare_targets(struct pass *pass, const struct type *old, const struct type *new)
{
	struct comparison *c = pass->c;
	bool gone = !type_names_have(&c->new_names, old) && file_changes(pass, old);
	bool added = !type_names_have(&c->old_names, new) && file_changes(pass, new);

	if (old->declaration || new->declaration || !old->name || !new->name)
		return;
	if (!strcmp(old->name, new->name)) {
		if (old->tag == new->tag)
			announce(c, old, new);
		return;
	}
	if ((gone && added) || ((gone || added) && are_alike(c, old, new)))
		announce(c, old, new);
}

/* Follow the pointers of a parameter, result or local to a structure. */
static void follow(struct pass *pass, const struct use *old, const struct use *new)
{
	const struct type *a = graph_element(pass->c->old, old->type),
			  *b = graph_element(pass->c->new, new->type);
	int depth = 0;

	while (a && b && a->tag == DW_TAG_pointer_type && b->tag == DW_TAG_pointer_type &&
	       depth++ < TYPE_DEPTH_MAX) {
		a = graph_element(pass->c->old, a->to);
		b = graph_element(pass->c->new, b->to);
	}
	if (a && b && depth && type_is_aggregate(a) && type_is_aggregate(b))
		compare_targets(pass, a, b);
}

static void compare_same_uses(struct pass *pass)
{
	const struct type_graph *old = pass->c->old, *new = pass->c->new;
	size_t i = 0, j = 0;

	while (i < old->n_uses && j < new->n_uses) {
		int order = use_order(&old->uses[i], &new->uses[j]);

		if (!order && old->uses[i].kind == USE_VARIABLE)
			compare_variables(pass, &old->uses[i], &new->uses[j]);
		if (!order)
			follow(pass, &old->uses[i], &new->uses[j]);
		i += order <= 0;
		j += order >= 0;
	}
}

enum side { OLD, NEW };

static const struct type *type_of(const struct pair *pair, enum side side)
{
	return side == OLD ? pair->old : pair->new;
}

/* Do the uses of @type show that it has another name, and the same contents, on the other side? */
static bool is_explained(const struct comparison *c, const struct type *type, enum side side)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct pair *pair = c->pairs[i];

		if (type_of(pair, side) == type && pair->announced && pair->begun &&
		    pair->worst < VERDICT_DIFFERENT &&
		    strcmp(pair->old->name ?: "", pair->new->name ?: ""))
			return true;
	}
	return false;
}

/*
 * Pair types of one name and one function in the order of their lines. Two types that have
 * exchanged their names, without a use that still refers to the name, have been compared already.
 */
static void compare_same_names(struct comparison *c)
{
	size_t i = 0, j = 0;

	while (i < c->old_names.n && j < c->new_names.n) {
		const struct type *old = c->old_names.list[i], *new = c->new_names.list[j];
		int order = type_order(old, new);
		struct pair *pair =
			order || old->declaration || new->declaration ? NULL : pair_of(c, old, new);

		if (pair && !pair->announced && pair_compare(c, pair) == VERDICT_DIFFERENT)
			pair->announced = !is_explained(c, old, OLD) || !is_explained(c, new, NEW);
		else if (pair)
			pair->announced = true;
		i += order <= 0;
		j += order >= 0;
	}
}

/* An enumerator and its enumeration. */
struct enumerator {
	const struct type *type;
	const struct slot *slot;
};

struct enumerators {
	struct enumerator *list;
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	const struct enumerator *x = a, *y = b;

	return strcmp(x->type->scope ?: "", y->type->scope ?: "")
		       ?: strcmp(x->slot->name, y->slot->name);
}

static int list_enumerators(const struct type_graph *graph, const struct names *enums,
			    struct enumerators *all)
{
	all->list = calloc(graph->n_slots + 1, sizeof(*all->list));
	if (!all->list)
		return -ENOMEM;
	for (size_t i = 0; i < enums->n; i++)
		for (size_t s = 0; s < enums->list[i]->n; s++) {
			const struct slot *slot = type_slot(graph, enums->list[i], s);

			if (slot->name)
				all->list[all->n++] = (struct enumerator){ enums->list[i], slot };
		}
	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), by_name);
	return 0;
}

/* Pair unnamed and renamed enumerations by their enumerators. */
static void compare_by_enumerators(struct comparison *c)
{
	struct enumerators old = { 0 }, new = { 0 };
	size_t i = 0, j = 0;

	if (list_enumerators(c->old, &c->old_enums, &old) ||
	    list_enumerators(c->new, &c->new_enums, &new))
		c->failed = true;
	while (i < old.n && j < new.n) {
		const struct enumerator *a = &old.list[i], *b = &new.list[j];
		int order = by_name(a, b);
		bool same_name = a->type->name && b->type->name &&
				 !strcmp(a->type->name, b->type->name);

		/*
		 * an enumerator that moved to another enumeration and kept its value pairs nothing
		 */
		if (!order && !same_name &&
		    (a->slot->place != b->slot->place || may_be_renamed(c, a->type, b->type)))
			announce(c, a->type, b->type);
		i += order <= 0;
		j += order >= 0;
	}
	free(old.list);
	free(new.list);
}

static bool is_paired(const struct comparison *c, const struct type *type, enum side side)
{
	for (size_t i = 0; i < c->n; i++)
		if (type_of(c->pairs[i], side) == type)
			return true;
	return false;
}

/*
 * Pair types without a common use: all functions that use the type were renamed as well, or use it
 * only in casts.
 */
static void compare_gone_with_new(struct pass *pass)
{
	struct comparison *c = pass->c;

	for (size_t i = 0; i < c->old_names.n; i++) {
		const struct type *old = c->old_names.list[i];

		if (old->declaration || type_names_have(&c->new_names, old) ||
		    !type_is_aggregate(old) || !file_changes(pass, old) || is_paired(c, old, OLD))
			continue;
		for (size_t j = 0; j < c->new_names.n; j++) {
			const struct type *new = c->new_names.list[j];

			if (!new->declaration && !type_names_have(&c->old_names, new) &&
			    type_is_aggregate(new) && file_changes(pass, new) &&
			    !is_paired(c, new, NEW) && are_alike(c, old, new))
				announce(c, old, new);
		}
	}
}

/* Pair unnamed enumerations none of whose enumerators kept their names, in their order. */
static void compare_unnamed_enums(struct pass *pass)
{
	struct comparison *c = pass->c;
	size_t j = 0;

	for (size_t i = 0; i < c->old_enums.n; i++) {
		const struct type *old = c->old_enums.list[i];

		if (old->name || old->scope || !file_changes(pass, old) || is_paired(c, old, OLD))
			continue;
		for (; j < c->new_enums.n; j++) {
			const struct type *new = c->new_enums.list[j];

			if (!new->name && !new->scope && file_changes(pass, new) &&
			    !is_paired(c, new, NEW) && !strcmp(old->file ?: "", new->file ?: "")) {
				announce(c, old, new);
				j++;
				break;
			}
		}
	}
}

int compare_uses(struct comparison *c, file_changes_fn changes, void *arg,
		 struct changed_variables *variables)
{
	struct pass pass = { c, changes, arg, variables };

	compare_same_uses(&pass);
	compare_same_names(c);
	compare_by_enumerators(c);
	compare_gone_with_new(&pass);
	compare_unnamed_enums(&pass);
	for (size_t i = 0; i < c->n; i++) /* grows */
		if (c->pairs[i]->announced)
			pair_compare(c, c->pairs[i]);
	return c->failed ? -ENOMEM : 0;
}

/*
 * Check all that refers to @type: false if any of it may be more than a variable on the stack of
 * *@function.
 */
static bool only_on_stack(const struct type_graph *graph, Dwarf_Off type, const char **function,
			  int depth)
{
	if (depth > TYPE_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < graph->n_uses; i++) {
		const struct use *use = &graph->uses[i];

		if (use->type != type)
			continue;
		if (use->kind != USE_LOCAL || (*function && strcmp(*function, use->function)))
			return false;
		*function = use->function;
	}
	for (size_t i = 0; i < graph->n; i++) {
		const struct type *user = &graph->types[i];
		bool uses = user->to == type;

		if (uses &&
		    (user->tag == DW_TAG_pointer_type || user->tag == DW_TAG_subroutine_type))
			return false;
		for (size_t s = 0; s < user->n && !uses; s++)
			uses = user->tag != DW_TAG_enumeration_type &&
			       user->tag != DW_TAG_array_type &&
			       type_slot(graph, user, s)->type == type;
		if (uses && user->tag == DW_TAG_subroutine_type)
			return false;
		if (uses && !only_on_stack(graph, user->offset, function, depth + 1))
			return false;
	}
	return true;
}

const char *only_user(const struct type_graph *graph, const struct type *type)
{
	const char *function = NULL;

	return only_on_stack(graph, type->offset, &function, 0) ? function : NULL;
}
