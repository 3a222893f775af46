// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Describes a type of the debug information by a text that can be compared.
 * Names of types and sizes of numbers count, the members of a structure don't.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>

#include "create-diff-object/unit/type-text.h"

/* No signature consists of so many types, unless the debug information is damaged. */
#define MAX_TYPES 4096

struct signature {
	FILE *out;
	unsigned int types;
};

static void print_type(struct signature *s, Dwarf_Die *die);

static void print_type_of(struct signature *s, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, &type))
		fputs("void", s->out);
	else
		print_type(s, &type);
}

/* "ret (a, b, …)" */
static void print_function(struct signature *s, Dwarf_Die *die)
{
	const char *separator = "";
	Dwarf_Die child;

	print_type_of(s, die);
	fputs(" (", s->out);
	if (!dwarf_child(die, &child)) {
		do {
			int tag = dwarf_tag(&child);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			fputs(separator, s->out);
			separator = ", ";
			if (tag == DW_TAG_formal_parameter)
				print_type_of(s, &child);
			else
				fputs("...", s->out);
		} while (!dwarf_siblingof(&child, &child));
	}
	fputc(')', s->out);
}

static void print_base(struct signature *s, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;

	if (dwarf_attr(die, DW_AT_encoding, &attribute))
		dwarf_formudata(&attribute, &encoding);
	/* "long" and "long long" are the same to a caller */
	switch (encoding) {
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
		fprintf(s->out, "u%d", 8 * dwarf_bytesize(die));
		break;
	case DW_ATE_signed:
	case DW_ATE_signed_char:
		fprintf(s->out, "s%d", 8 * dwarf_bytesize(die));
		break;
	default:
		fputs(dwarf_diename(die) ?: "?", s->out);
	}
}

static void print_type(struct signature *s, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	if (s->types == MAX_TYPES)
		return;
	s->types++;
	switch (dwarf_tag(die)) {
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
		print_type_of(s, die);
		return;
	case DW_TAG_pointer_type:
		print_type_of(s, die);
		fputs(" *", s->out);
		return;
	case DW_TAG_array_type:
		print_type_of(s, die);
		fputs(" []", s->out);
		return;
	case DW_TAG_subroutine_type:
		print_function(s, die);
		return;
	case DW_TAG_base_type:
		print_base(s, die);
		return;
	case DW_TAG_structure_type:
		fprintf(s->out, "struct %s", name ?: "{}");
		return;
	case DW_TAG_union_type:
		fprintf(s->out, "union %s", name ?: "{}");
		return;
	case DW_TAG_enumeration_type:
		fprintf(s->out, "enum %s", name ?: "{}");
		return;
	default:
		fprintf(s->out, "%#x %s", dwarf_tag(die), name ?: "");
	}
}

char *type_text(Dwarf_Die *die)
{
	struct signature s = { 0 };
	char *text = NULL;
	size_t size;

	s.out = open_memstream(&text, &size);
	if (!s.out)
		return NULL;
	print_type_of(&s, die);
	return fclose(s.out) ? NULL : text;
}

char *function_type_text(Dwarf_Die *die)
{
	struct signature s = { 0 };
	char *text = NULL;
	size_t size;

	s.out = open_memstream(&text, &size);
	if (!s.out)
		return NULL;
	print_function(&s, die);
	return fclose(s.out) ? NULL : text;
}
