// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any module may call an exported function, also one that nobody here compiles.
 * It goes on passing what the function took when it was built. When a function's
 * parameters change, kbuild gives its export another checksum, so that such a
 * module can't be loaded; a livepatch would let it call the new code with the old
 * arguments.
 *
 * So an exported function that changes has to keep its signature. Names of types
 * count, and sizes of numbers; what is in a structure is looked at elsewhere.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "passes.h"
#include "places.h"

/* Pointers to functions that take pointers to functions …; deeper than this counts as equal. */
#define MAX_DEPTH 24

static void print_type(FILE *out, Dwarf_Die *die, unsigned int depth);

static void print_type_of(FILE *out, Dwarf_Die *die, unsigned int depth)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) ||
	    !dwarf_formref_die(&attribute, &type))
		fputs("void", out);
	else
		print_type(out, &type, depth + 1);
}

/* "ret (a, b, …)" */
static void print_function(FILE *out, Dwarf_Die *die, unsigned int depth)
{
	const char *separator = "";
	Dwarf_Die child;

	print_type_of(out, die, depth);
	fputs(" (", out);
	if (!dwarf_child(die, &child)) {
		do {
			int tag = dwarf_tag(&child);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			fputs(separator, out);
			separator = ", ";
			if (tag == DW_TAG_formal_parameter)
				print_type_of(out, &child, depth);
			else
				fputs("...", out);
		} while (!dwarf_siblingof(&child, &child));
	}
	fputc(')', out);
}

static void print_base(FILE *out, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;

	if (dwarf_attr(die, DW_AT_encoding, &attribute))
		dwarf_formudata(&attribute, &encoding);
	/* "long" and "long long" are one and the same to a caller */
	switch (encoding) {
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
		fprintf(out, "u%d", 8 * dwarf_bytesize(die));
		break;
	case DW_ATE_signed:
	case DW_ATE_signed_char:
		fprintf(out, "s%d", 8 * dwarf_bytesize(die));
		break;
	default:
		fputs(dwarf_diename(die) ?: "?", out);
	}
}

static void print_type(FILE *out, Dwarf_Die *die, unsigned int depth)
{
	const char *name = dwarf_diename(die);

	if (depth > MAX_DEPTH)
		return;
	switch (dwarf_tag(die)) {
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
		print_type_of(out, die, depth);
		return;
	case DW_TAG_pointer_type:
		print_type_of(out, die, depth);
		fputs(" *", out);
		return;
	case DW_TAG_array_type:
		print_type_of(out, die, depth);
		fputs(" []", out);
		return;
	case DW_TAG_subroutine_type:
		print_function(out, die, depth);
		return;
	case DW_TAG_base_type:
		print_base(out, die);
		return;
	case DW_TAG_structure_type:
		fprintf(out, "struct %s", name ?: "{}");
		return;
	case DW_TAG_union_type:
		fprintf(out, "union %s", name ?: "{}");
		return;
	case DW_TAG_enumeration_type:
		fprintf(out, "enum %s", name ?: "{}");
		return;
	default:
		fprintf(out, "%#x %s", dwarf_tag(die), name ?: "");
	}
}

/* Caller frees; NULL if debug information doesn't have the function, or memory is out. */
static char *signature_of(struct unit *unit, const struct atom *function)
{
	char *text = NULL;
	Dwarf_Die die;
	size_t size;
	FILE *out;

	if (!function_die(unit, atom_name(function), &die))
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	print_function(out, &die, 0);
	return fclose(out) ? NULL : text;
}

void refuse_changed_signature(struct unit *original, struct unit *patched, struct atom *function,
			      struct diag *diag)
{
	struct diag_place place;
	char *before, *now;

	if (!name_is_exported(original->elf, atom_name(function->twin)))
		return;
	before = signature_of(original, function->twin);
	now = signature_of(patched, function);
	/* without debug information on both sides there are no lines either: said elsewhere */
	if ((before || now) && (!before || !now || strcmp(before, now))) {
		place = atom_place(patched, function);
		diag_error(diag, "KS128", &place, "'%s'", atom_name(function));
		diag_detail(diag, "it was %s", before ?: "without debug information");
		diag_detail(diag, "it is  %s", now ?: "without debug information");
	}
	free(before);
	free(now);
}
