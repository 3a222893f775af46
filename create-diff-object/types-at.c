// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `counts[2]` becomes `count2`, or `state.list` becomes `list`: the variables have different types,
 * but what the code uses of them has the same. The offset of the use shows which member or element
 * that is. (If the index is computed, it is any element, and they all have one type.)
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/types-at.h"
#include "create-diff-object/unit/type-text.h"

/* The type of the variable, member or array @die, without typedefs and qualifiers. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Die named;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, &named) && !dwarf_peel_type(&named, type);
}

bool type_is_scalar(Dwarf_Die *variable)
{
	Dwarf_Die type;

	if (!type_of(variable, &type))
		return true;
	switch (dwarf_tag(&type)) {
	case DW_TAG_array_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		return false;
	default:
		return true;
	}
}

/* Get the member of the struct or union @type that has *@offset, and make that relative to it. */
static bool member_at(Dwarf_Die *type, uint64_t *offset, Dwarf_Die *member)
{
	Dwarf_Attribute attribute;
	Dwarf_Word start, size;
	Dwarf_Die own;

	if (dwarf_child(type, member))
		return false;
	do {
		start = 0;
		if (dwarf_attr(member, DW_AT_data_member_location, &attribute))
			dwarf_formudata(&attribute, &start);
		if (dwarf_tag(member) != DW_TAG_member || !type_of(member, &own) ||
		    dwarf_aggregate_size(&own, &size) || *offset < start || *offset - start >= size)
			continue;
		*offset -= start;
		return true;
	} while (!dwarf_siblingof(member, member));
	return false;
}

/* Replace @part, whose type is @type, by its member or element at *@offset. */
static bool step_into(Dwarf_Die *part, Dwarf_Die *type, uint64_t *offset)
{
	Dwarf_Die member, element;
	Dwarf_Word size;

	switch (dwarf_tag(type)) {
	case DW_TAG_array_type:
		if (!type_of(type, &element) || dwarf_aggregate_size(&element, &size) || !size)
			return false;
		*offset %= size;
		*part = *type; /* whose own type is that of the elements */
		return true;
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		if (!member_at(type, offset, &member))
			return false;
		*part = member;
		return true;
	default:
		return false;
	}
}

void types_at(Dwarf_Die *variable, uint64_t offset, struct types_at *types)
{
	Dwarf_Die part = *variable, type;
	uint64_t rest = offset;
	Dwarf_Word size;

	types->n = 0;
	do {
		if (!type_of(&part, &type) || dwarf_aggregate_size(&type, &size))
			return;
		types->parts[types->n++] = (struct part){ type_text(&part), offset - rest, size };
	} while (types->n < MAX_NESTED && step_into(&part, &type, &rest));
}

void types_at_free(struct types_at *types)
{
	while (types->n)
		free(types->parts[--types->n].type);
}
