// SPDX-License-Identifier: GPL-2.0-or-later
/* See type-census.h. A type's description is a text: only what is in it can differ. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/type-census.h"

/*
 * The types and uses of one object, in the order in which they are paired with the other object's.
 */
struct row {
	enum census_kind kind;
	int tag;
	bool unnamed; /* an enumeration without a name is named after its first enumerator */
	const char *name, *scope;
	size_t nth; /* counts the rows with the same kind, name and scope */
	const struct type *type;
	const struct use *use;
	char *text;
};

struct rows {
	struct row *list;
	size_t n, cap;
	bool failed; /* memory is out */
};

/* --- descriptions --- */

static void write_reference(FILE *out, const struct type_graph *graph, Dwarf_Off offset, int depth);

static void write_slots(FILE *out, const struct type_graph *graph, const struct type *type,
			int depth)
{
	for (size_t i = 0; i < type->n; i++) {
		const struct slot *slot = type_slot(graph, type, i);

		fprintf(out, "%s %lld:%lld:%u ", slot->name ?: "", slot->place, slot->bits,
			slot->alignment);
		if (type_is_aggregate(type))
			write_reference(out, graph, slot->type, depth);
		fputc(';', out);
	}
}

static void write_compound(FILE *out, const struct type_graph *graph, const struct type *type,
			   int depth)
{
	fprintf(out, "%d %llu:%u {", type->tag, (unsigned long long)type->size, type->alignment);
	write_slots(out, graph, type, depth + 1);
	fputc('}', out);
}

static void write_suffix(FILE *out, const struct type_graph *graph, const struct type *type,
			 int depth)
{
	bool array = type->tag == DW_TAG_array_type;

	fputs(array ? "" : type->prototyped ? "(" : "(unknown", out);
	for (size_t i = 0; i < type->n; i++) {
		if (array)
			fprintf(out, "[%lld]", type_slot(graph, type, i)->place);
		else
			write_reference(out, graph, type_slot(graph, type, i)->type, depth);
		fputs(array ? "" : ",", out);
	}
	fputs(array ? "" : type->variadic ? "...)" : ")", out);
}

/* A named type is written by its name only: it has a description of its own. */
static void write_reference(FILE *out, const struct type_graph *graph, Dwarf_Off offset, int depth)
{
	const struct type *type = graph_type(graph, offset);

	if (!type || depth > TYPE_DEPTH_MAX) {
		fputs(type ? "…" : "void", out);
		return;
	}
	if (type_is_compound(type) && !type->name) {
		write_compound(out, graph, type, depth);
		return;
	}
	switch (type->tag) {
	case DW_TAG_pointer_type:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		write_reference(out, graph, type->to, depth + 1);
		fprintf(out, " %s",
			type->tag == DW_TAG_pointer_type    ? "*"
			: type->tag == DW_TAG_const_type    ? "const"
			: type->tag == DW_TAG_volatile_type ? "volatile"
							    : "qualified");
		break;
	case DW_TAG_array_type:
	case DW_TAG_subroutine_type:
		write_reference(out, graph, type->to, depth + 1);
		write_suffix(out, graph, type, depth + 1);
		break;
	case DW_TAG_base_type:
		fprintf(out, "%s:%llu:%u", type->name ?: "?", (unsigned long long)type->size,
			type->encoding);
		break;
	default:
		fprintf(out, "%s%s",
			type->tag == DW_TAG_structure_type     ? "struct "
			: type->tag == DW_TAG_union_type       ? "union "
			: type->tag == DW_TAG_enumeration_type ? "enum "
							       : "",
			type->name ?: "?");
	}
}

static size_t first_parameter(const struct type_graph *graph, const char *function)
{
	size_t low = 0, high = graph->n_uses;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct use *use = &graph->uses[middle];

		if (use->kind < USE_PARAMETER ||
		    (use->kind == USE_PARAMETER && strcmp(use->function, function) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Write a function's result and its parameters, in the order of uses. */
static void write_function(FILE *out, const struct type_graph *graph, const struct use *result)
{
	const char *function = result->function;

	write_reference(out, graph, result->type, 0);
	fputc('(', out);
	for (size_t i = first_parameter(graph, function); i < graph->n_uses; i++) {
		const struct use *use = &graph->uses[i];

		if (use->kind != USE_PARAMETER || strcmp(use->function, function))
			break;
		write_reference(out, graph, use->type, 0);
		fputc(',', out);
	}
	fputc(')', out);
}

static char *describe(const struct type_graph *graph, const struct row *row)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	switch (row->kind) {
	case CENSUS_TYPE:
		write_compound(out, graph, row->type, 0);
		break;
	case CENSUS_TYPEDEF:
		write_reference(out, graph, row->type->to, 0);
		break;
	case CENSUS_VARIABLE:
		write_reference(out, graph, row->use->type, 0);
		break;
	case CENSUS_FUNCTION:
		write_function(out, graph, row->use);
		break;
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* --- the types and uses of one object --- */

static void add_row(struct rows *rows, const struct row *row)
{
	if (rows->n == rows->cap) {
		size_t cap = rows->cap ? 2 * rows->cap : 1024;
		struct row *list = reallocarray(rows->list, cap, sizeof(*list));

		if (!list) {
			rows->failed = true;
			return;
		}
		rows->list = list;
		rows->cap = cap;
	}
	rows->list[rows->n++] = *row;
}

/* A type that is only declared has no description. */
static void add_type(struct rows *rows, const struct type_graph *graph, const struct type *type)
{
	bool is_enum = type->tag == DW_TAG_enumeration_type;
	struct row row = { .kind = CENSUS_TYPE,
			   .tag = type->tag,
			   .name = type->name,
			   .scope = type->scope,
			   .type = type };

	if (type->declaration)
		return;
	if (type->tag == DW_TAG_typedef)
		row.kind = CENSUS_TYPEDEF;
	else if (!type_is_compound(type))
		return;
	if (!type->name && is_enum && type->n) {
		row.name = type_slot(graph, type, 0)->name;
		row.unnamed = true;
	}
	if (row.name)
		add_row(rows, &row);
}

static void add_use(struct rows *rows, const struct use *use)
{
	struct row row = {
		.kind = CENSUS_VARIABLE, .name = use->name, .scope = use->function, .use = use
	};

	if (use->kind == USE_RESULT) {
		row.kind = CENSUS_FUNCTION;
		row.name = use->function;
		row.scope = NULL;
	} else if (use->kind != USE_VARIABLE) {
		return;
	}
	if (row.name)
		add_row(rows, &row);
}

static int key_order(const struct row *a, const struct row *b)
{
	int order = (int)a->kind - (int)b->kind;

	order = order ?: a->tag - b->tag;
	order = order ?: (int)a->unnamed - (int)b->unnamed;
	order = order ?: strcmp(a->name, b->name);
	return order ?: strcmp(a->scope ?: "", b->scope ?: "");
}

/* The order in which type-pairs.c sorts types of one name. */
static int row_order(const void *first, const void *second)
{
	const struct row *a = first, *b = second;
	int order = key_order(a, b);

	if (order || !a->type)
		return order ?: (a->use > b->use) - (a->use < b->use);
	return (a->type->line - b->type->line)
		       ?: (a->type->offset > b->type->offset) - (a->type->offset < b->type->offset);
}

static int list_rows(struct rows *rows, const struct type_graph *graph)
{
	for (size_t i = 0; i < graph->n; i++)
		add_type(rows, graph, &graph->types[i]);
	for (size_t i = 0; i < graph->n_uses; i++)
		add_use(rows, &graph->uses[i]);
	if (rows->n && !rows->failed)
		qsort(rows->list, rows->n, sizeof(*rows->list), row_order);
	for (size_t i = 0; i < rows->n && !rows->failed; i++) {
		struct row *row = &rows->list[i];

		if (i && !key_order(row - 1, row))
			row->nth = row[-1].nth + 1;
		row->text = describe(graph, row);
		rows->failed = !row->text;
	}
	return rows->failed ? -ENOMEM : 0;
}

static void free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free(rows->list[i].text);
	free(rows->list);
}

/* --- what differs --- */

static int add_entry(struct census *census, struct row *old, struct row *new)
{
	struct row *row = old ?: new;

	if (census->n == census->cap) {
		size_t cap = census->cap ? 2 * census->cap : 64;
		struct census_entry *list = reallocarray(census->list, cap, sizeof(*list));

		if (!list)
			return -ENOMEM;
		census->list = list;
		census->cap = cap;
	}
	census->list[census->n++] = (struct census_entry){
		.kind = row->kind,
		.old = old ? old->type : NULL,
		.new = new ? new->type : NULL,
		.old_use = old ? old->use : NULL,
		.new_use = new ? new->use : NULL,
		.was = old ? old->text : NULL,
		.is = new ? new->text : NULL,
	};
	if (old)
		old->text = NULL;
	if (new)
		new->text = NULL;
	return 0;
}

/*
 * A variable or function that only one object has is an atom of that object alone: the ledger lists
 * it.
 */
static int add_alone(struct census *census, struct row *old, struct row *new)
{
	enum census_kind kind = (old ?: new)->kind;

	return kind == CENSUS_TYPE || kind == CENSUS_TYPEDEF ? add_entry(census, old, new) : 0;
}

static int compare_rows(struct census *census, struct rows *old, struct rows *new)
{
	size_t i = 0, j = 0;
	int err = 0;

	while (!err && (i < old->n || j < new->n)) {
		struct row *a = i < old->n ? &old->list[i] : NULL;
		struct row *b = j < new->n ? &new->list[j] : NULL;
		int order = !a ? 1 : !b ? -1 : key_order(a, b);

		order = order ?: (a->nth > b->nth) - (a->nth < b->nth);
		if (order)
			err = add_alone(census, order < 0 ? a : NULL, order > 0 ? b : NULL);
		else if (strcmp(a->text, b->text))
			err = add_entry(census, a, b);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

int census_take(struct census *census, const struct type_graph *old, const struct type_graph *new)
{
	struct rows before = { 0 }, after = { 0 };
	int err;

	*census = (struct census){ 0 };
	err = list_rows(&before, old) ?: list_rows(&after, new);
	err = err ?: compare_rows(census, &before, &after);
	free_rows(&before);
	free_rows(&after);
	return err;
}

void census_free(struct census *census)
{
	for (size_t i = 0; i < census->n; i++) {
		free(census->list[i].was);
		free(census->list[i].is);
	}
	free(census->list);
}
