// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any module may call an exported function, also one that nobody here compiles.
 * It goes on passing what the function took when it was built. When a function's
 * parameters change, kbuild gives its export another checksum, so that such a
 * module can't be loaded; a livepatch would let it call the new code with the old
 * arguments.
 *
 * So an exported function that changes has to keep its signature. Names of types
 * count, and sizes of numbers; what is in a structure is looked at elsewhere. Who
 * calls a global function that isn't exported can be found out, by kpatch-build:
 * it is told of the change.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* Types of types …: no signature has as many, unless the debug information is damaged. */
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
	/* "long" and "long long" are one and the same to a caller */
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

/* Caller frees; NULL if debug information doesn't have the function, or memory is out. */
static char *signature_of(struct unit *unit, const struct atom *function)
{
	struct signature s = { 0 };
	char *text = NULL;
	Dwarf_Die die;
	size_t size;

	if (!function_die(unit, atom_name(function), &die))
		return NULL;
	s.out = open_memstream(&text, &size);
	if (!s.out)
		return NULL;
	print_function(&s, &die);
	return fclose(s.out) ? NULL : text;
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

bool signature_changes(struct unit *original, struct unit *patched, const struct atom *function,
		       char **was, char **is)
{
	*was = signature_of(original, function->twin);
	*is = signature_of(patched, function);
	/* without debug information on both sides there are no lines either: said elsewhere */
	if ((*was || *is) && (!*was || !*is || strcmp(*was, *is)))
		return true;
	free(*was);
	free(*is);
	*was = *is = NULL;
	return false;
}

void refuse_changed_signature(struct unit *original, struct unit *patched, struct atom *function,
			      struct diag *diag)
{
	char *before = NULL, *now = NULL;
	struct diag_place place;

	if (name_is_exported(original->elf, atom_name(function->twin)) &&
	    signature_changes(original, patched, function, &before, &now)) {
		place = atom_place(patched, function);
		diag_error(diag, function->claim = "KS128", &place, "'%s'", atom_name(function));
		diag_detail(diag, "it was %s", before ?: "without debug information");
		diag_detail(diag, "it is  %s", now ?: "without debug information");
	}
	free(before);
	free(now);
}
