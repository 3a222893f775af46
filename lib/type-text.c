// SPDX-License-Identifier: GPL-2.0-or-later
/* Names the types of a graph as messages show them. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/type-graph.h"
#include "lib/text.h"
#include "lib/type-text.h"

static const struct {
	int tag;
	const char *word;
} words[] = {
	{ DW_TAG_structure_type, "struct" },  { DW_TAG_union_type, "union" },
	{ DW_TAG_enumeration_type, "enum" },  { DW_TAG_const_type, "const" },
	{ DW_TAG_volatile_type, "volatile" },
};

static const char *word_of(int tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].tag == tag)
			return words[i].word;
	return NULL;
}

/*
 * A declaration is written around its declarator: "*" and "(*)" before it, "[4]" and "(int)" after
 * it.
 */
static char *text_around(const struct type_graph *graph, Dwarf_Off offset, char *declarator,
			 int depth);

static char *parameters(const struct type_graph *graph, const struct type *type, int depth)
{
	char *list = strdup("");

	for (size_t i = 0; i < type->n && list; i++) {
		char *one =
			text_around(graph, type_slot(graph, type, i)->type, strdup(""), depth + 1);
		char *longer = one ? format("%s%s%s", list, i ? ", " : "", one) : NULL;

		free(one);
		free(list);
		list = longer;
	}
	if (list && !*list && type->prototyped) {
		free(list);
		list = strdup("void");
	}
	return list;
}

static char *dimensions(const struct type_graph *graph, const struct type *type)
{
	char *list = strdup("");

	for (size_t i = 0; i < type->n && list; i++) {
		long long bound = type_slot(graph, type, i)->place;
		char *longer = bound ? format("%s[%lld]", list, bound) : format("%s[]", list);

		free(list);
		list = longer;
	}
	return list;
}

static char *with_suffix(const struct type_graph *graph, const struct type *type, char *declarator,
			 int depth)
{
	bool array = type->tag == DW_TAG_array_type;
	char *suffix = array ? dimensions(graph, type) : parameters(graph, type, depth);
	bool pointer = *declarator == '*';
	char *text = NULL;

	if (suffix)
		text = format("%s%s%s%s%s%s", pointer ? "(" : "", declarator, pointer ? ")" : "",
			      array ? "" : "(", suffix, array ? "" : ")");
	free(suffix);
	free(declarator);
	return text ? text_around(graph, type->to, text, depth + 1) : NULL;
}

static char *finish(char *base, char *declarator)
{
	char *text = base ? format("%s%s%s", base, *declarator ? " " : "", declarator) : NULL;

	free(base);
	free(declarator);
	return text;
}

/* Takes @declarator. */
static char *text_around(const struct type_graph *graph, Dwarf_Off offset, char *declarator,
			 int depth)
{
	const struct type *type = graph_type(graph, offset);
	const char *word = type ? word_of(type->tag) : NULL;
	char *text;

	if (!declarator)
		return NULL;
	if (!type || depth > TYPE_DEPTH_MAX)
		return finish(strdup(type ? "…" : "void"), declarator);
	switch (type->tag) {
	case DW_TAG_pointer_type:
		text = format("*%s", declarator);
		free(declarator);
		return text_around(graph, type->to, text, depth + 1);
	case DW_TAG_array_type:
	case DW_TAG_subroutine_type:
		return with_suffix(graph, type, declarator, depth);
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		/* qualifiers don't change the data */
		return text_around(graph, type->to, declarator, depth + 1);
	}
	if (type_is_compound(type))
		return finish(type->name ? format("%s %s", word, type->name)
					 : format("%s {…}", word),
			      declarator);
	return finish(strdup(type->name ?: "?"), declarator);
}

char *graph_type_text(const struct type_graph *graph, Dwarf_Off offset)
{
	return text_around(graph, offset, strdup(""), 0);
}

char *type_name(const struct type_graph *graph, const struct type *type)
{
	const char *word = word_of(type->tag) ?: "type";

	if (type->name && type->scope)
		return format("%s %s in %s()", word, type->name, type->scope);
	if (type->name)
		return format("%s %s", word, type->name);
	if (type->tag == DW_TAG_enumeration_type && type->n && type_slot(graph, type, 0)->name)
		return format("enum {%s}", type_slot(graph, type, 0)->name);
	return format("%s {…}", word);
}
