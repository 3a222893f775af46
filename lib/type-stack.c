// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads what type-stack.h describes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/type-stack.h"

/* Inlining is never deeper than this. */
#define DEPTH_MAX 128

/* How a type relates to the type in question. */
enum role { NONE, OBJECT, POINTER };

static enum role role_of(const struct type_graph *graph, const unsigned char *roles,
			 Dwarf_Off offset)
{
	const struct type *type = graph_type(graph, offset);

	return type ? roles[type - graph->types] : NONE;
}

/* -EINVAL: the type stores the type in question or a pointer to it, or is a typedef of either. */
static int find_role(const struct type_graph *graph, const struct type *type,
		     const unsigned char *roles, enum role *role)
{
	enum role of_target = role_of(graph, roles, type->to);

	for (size_t i = 0; i < type->n; i++)
		if (role_of(graph, roles, type_slot(graph, type, i)->type) != NONE)
			return -EINVAL;
	switch (of_target == NONE ? 0 : type->tag) {
	case 0:
		return 0;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
		*role = of_target;
		return 0;
	case DW_TAG_pointer_type:
		*role = POINTER;
		return of_target == OBJECT ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int find_roles(const struct type_graph *graph, const struct type *type, unsigned char *roles)
{
	bool again = true;

	roles[type - graph->types] = OBJECT;
	while (again) {
		again = false;
		for (size_t i = 0; i < graph->n; i++) {
			enum role role = roles[i];
			int err = find_role(graph, &graph->types[i], roles, &role);

			if (err)
				return err;
			again |= role != roles[i];
			roles[i] = role;
		}
	}
	return 0;
}

/* Another type has the same name, so the source text can't tell them apart. */
static bool has_namesake(const struct type_graph *graph, const struct type *type)
{
	for (size_t i = 0; i < graph->n; i++) {
		const struct type *other = &graph->types[i];

		if (other != type && type_is_compound(other) && other->name &&
		    !strcmp(other->name, type->name))
			return true;
	}
	return false;
}

static bool is_on_stack(const struct use *use, enum role role)
{
	return use->function && use->name &&
	       (use->kind == USE_LOCAL || (use->kind == USE_PARAMETER && role == POINTER));
}

static int find_uses(const struct type_graph *graph, const unsigned char *roles,
		     struct stack_type *out)
{
	out->uses = calloc(graph->n_uses + 1, sizeof(*out->uses));
	if (!out->uses)
		return -ENOMEM;
	for (size_t i = 0; i < graph->n_uses; i++) {
		const struct use *use = &graph->uses[i];
		enum role role = role_of(graph, roles, use->type);

		if (role == NONE)
			continue;
		if (!is_on_stack(use, role))
			return -EINVAL;
		out->uses[out->n_uses++] = (struct stack_use){
			use->function,
			use->name,
			use->kind == USE_PARAMETER,
		};
	}
	return 0;
}

static bool has_uses(const struct stack_type *stack, const char *function)
{
	for (size_t i = 0; function && i < stack->n_uses; i++)
		if (!strcmp(stack->uses[i].function, function))
			return true;
	return false;
}

/* Is a function with uses inlined into the code of @parent? */
static bool has_inlined(const struct stack_type *stack, Dwarf_Die *parent, unsigned int depth)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die))
		return false;
	if (depth > DEPTH_MAX)
		return true;
	do {
		if (dwarf_tag(&die) == DW_TAG_inlined_subroutine &&
		    has_uses(stack, dwarf_diename(&die)))
			return true;
		if (has_inlined(stack, &die, depth + 1))
			return true;
	} while (!dwarf_siblingof(&die, &die));
	return false;
}

static int add_holder(struct stack_type *out, const char *name)
{
	const char **holders = reallocarray(out->holders, out->n_holders + 1, sizeof(*holders));

	if (!holders)
		return -ENOMEM;
	out->holders = holders;
	holders[out->n_holders++] = name;
	return 0;
}

static int find_holders_of_unit(Dwarf_Die *cu, struct stack_type *out)
{
	Dwarf_Die die;
	int err = 0;

	if (dwarf_child(cu, &die))
		return 0;
	do {
		if (dwarf_tag(&die) != DW_TAG_subprogram ||
		    (!dwarf_hasattr(&die, DW_AT_low_pc) && !dwarf_hasattr(&die, DW_AT_ranges)))
			continue;
		if (!has_uses(out, dwarf_diename(&die)) && !has_inlined(out, &die, 0))
			continue;
		err = dwarf_diename(&die) ? add_holder(out, dwarf_diename(&die)) : -EINVAL;
	} while (!err && !dwarf_siblingof(&die, &die));
	return err;
}

static int find_holders(const struct type_graph *graph, struct stack_type *out)
{
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;
	int err = 0;

	while (!err && (cu = dwfl_nextcu(graph->dwfl, cu, &bias)))
		err = find_holders_of_unit(cu, out);
	return err;
}

int stack_type_read(const struct type_graph *graph, const struct type *type, struct stack_type *out)
{
	unsigned char *roles = calloc(graph->n + 1, 1);
	int err = roles ? 0 : -ENOMEM;

	*out = (struct stack_type){ .tag = type->name };
	if (!err && (!type_is_aggregate(type) || !type->name || has_namesake(graph, type)))
		err = -EINVAL;
	err = err ?: find_roles(graph, type, roles);
	err = err ?: find_uses(graph, roles, out);
	err = err ?: find_holders(graph, out);
	free(roles);
	return err;
}

void stack_type_free(struct stack_type *stack)
{
	free(stack->uses);
	free(stack->holders);
	*stack = (struct stack_type){ 0 };
}
