// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the debug information of an object into a type_graph: each type once,
 * with its members, and each variable, parameter and local with its type.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/type-graph.h"

static const Dwfl_Callbacks callbacks = {
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static Dwarf_Off type_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
			       dwarf_formref_die(&attribute, &type)
		       ? dwarf_dieoffset(&type)
		       : 0;
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned int name, Dwarf_Word fallback)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	return dwarf_attr(die, name, &attribute) && !dwarf_formudata(&attribute, &value) ? value
											 : fallback;
}

/* Append a zeroed element to an array, which doubles when it is full. NULL: no memory. */
static void *grow(void *array, size_t *n, size_t *cap, size_t size)
{
	void **at = array;
	char *element;

	if (*n == *cap) {
		size_t larger = *cap ? 2 * *cap : 256;
		void *all = reallocarray(*at, larger, size);

		if (!all)
			return NULL;
		*at = all;
		*cap = larger;
	}
	element = (char *)*at + (*n)++ * size;
	memset(element, 0, size);
	return element;
}

static struct slot *add_slot(struct type_graph *graph)
{
	return grow(&graph->slots, &graph->n_slots, &graph->cap_slots, sizeof(struct slot));
}

/*
 * DWARF 4 counts the bits of a bit field from the start of the structure, DWARF 3 from the end of
 * its storage unit.
 */
static long long place_of(Dwarf_Die *member, long long bits)
{
	long long place = 8 * (long long)number_of(member, DW_AT_data_member_location, 0);

	if (dwarf_hasattr(member, DW_AT_bit_offset))
		return place + 8 * (long long)number_of(member, DW_AT_byte_size, 4) - bits -
		       (long long)number_of(member, DW_AT_bit_offset, 0);
	return place + (long long)number_of(member, DW_AT_data_bit_offset, 0);
}

static int add_member(struct type_graph *graph, Dwarf_Die *die)
{
	struct slot *slot = add_slot(graph);

	if (!slot)
		return -ENOMEM;
	slot->name = dwarf_diename(die);
	slot->type = type_of(die);
	slot->bits = (long long)number_of(die, DW_AT_bit_size, 0);
	slot->place = place_of(die, slot->bits);
	slot->alignment = number_of(die, DW_AT_alignment, 0);
	return 0;
}

static int add_enumerator(struct type_graph *graph, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Sword value;
	struct slot *slot;

	if (!dwarf_attr(die, DW_AT_const_value, &attribute) || dwarf_formsdata(&attribute, &value))
		return -EINVAL;
	slot = add_slot(graph);
	if (!slot)
		return -ENOMEM;
	slot->name = dwarf_diename(die);
	slot->place = value;
	return 0;
}

/* A flexible array, "[0]" and "[]" alike, has no elements of its own. */
static int add_dimension(struct type_graph *graph, Dwarf_Die *die)
{
	struct slot *slot = add_slot(graph);

	if (!slot)
		return -ENOMEM;
	if (dwarf_hasattr(die, DW_AT_count))
		slot->place = (long long)number_of(die, DW_AT_count, 0);
	else
		slot->place = (long long)number_of(die, DW_AT_upper_bound, -1) + 1;
	return 0;
}

static int add_parameter(struct type_graph *graph, Dwarf_Die *die)
{
	struct slot *slot = add_slot(graph);

	if (slot)
		slot->type = type_of(die);
	return slot ? 0 : -ENOMEM;
}

static const struct {
	int tag;
	int (*add)(struct type_graph *graph, Dwarf_Die *die);
} parts[] = {
	{ DW_TAG_member, add_member },
	{ DW_TAG_enumerator, add_enumerator },
	{ DW_TAG_subrange_type, add_dimension },
	{ DW_TAG_formal_parameter, add_parameter },
};

static int add_parts(struct type_graph *graph, size_t index, Dwarf_Die *die)
{
	Dwarf_Die child;
	int err = 0;

	graph->types[index].first = graph->n_slots;
	for (int more = dwarf_child(die, &child); !more && !err;
	     more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);

		if (tag == DW_TAG_unspecified_parameters)
			graph->types[index].variadic = true;
		for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
			if (parts[i].tag == tag)
				err = parts[i].add(graph, &child);
	}
	graph->types[index].n = graph->n_slots - graph->types[index].first;
	return err;
}

static int add_type(struct type_graph *graph, Dwarf_Die *die, const char *scope)
{
	struct type *type = grow(&graph->types, &graph->n, &graph->cap, sizeof(*type));

	if (!type)
		return -ENOMEM;
	type->offset = dwarf_dieoffset(die);
	type->tag = dwarf_tag(die);
	type->name = dwarf_diename(die);
	type->scope = scope;
	type->to = type_of(die);
	type->size = number_of(die, DW_AT_byte_size, type->tag == DW_TAG_pointer_type ? 8 : 0);
	type->encoding = number_of(die, DW_AT_encoding, 0);
	type->alignment = number_of(die, DW_AT_alignment, 0);
	type->declaration = dwarf_hasattr(die, DW_AT_declaration);
	type->prototyped = dwarf_hasattr(die, DW_AT_prototyped);
	if (type_is_compound(type)) {
		type->file = dwarf_decl_file(die);
		dwarf_decl_line(die, &type->line);
	}
	return dwarf_haschildren(die) == 1 ? add_parts(graph, graph->n - 1, die) : 0;
}

static int add_use(struct type_graph *graph, enum use_kind kind, Dwarf_Die *die,
		   const char *function)
{
	struct use *use = grow(&graph->uses, &graph->n_uses, &graph->cap_uses, sizeof(*use));

	if (!use)
		return -ENOMEM;
	use->kind = kind;
	use->function = function;
	use->name = kind == USE_RESULT ? NULL : dwarf_diename(die);
	use->type = type_of(die);
	use->file = dwarf_decl_file(die);
	dwarf_decl_line(die, &use->line);
	return 0;
}

/*
 * Static variables of functions have an address, per-CPU ones as well; variables on the stack have
 * none.
 */
static bool has_address(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t n;

	return dwarf_attr(die, DW_AT_location, &attribute) &&
	       !dwarf_getlocation(&attribute, &ops, &n) && n &&
	       (ops[0].atom == DW_OP_addr || ops[0].atom == DW_OP_addrx);
}

static int add_variable(struct type_graph *graph, Dwarf_Die *die, const char *function)
{
	bool defined = has_address(die);
	bool lasts = !function || defined || dwarf_hasattr(die, DW_AT_external);
	int err = add_use(graph, lasts ? USE_VARIABLE : USE_LOCAL, die, function);
	Dwarf_Attribute attribute;
	Dwarf_Die declared;
	struct use *use;

	if (err)
		return err;
	use = &graph->uses[graph->n_uses - 1];
	use->defined = defined;
	if (dwarf_hasattr(die, DW_AT_external))
		use->function = NULL; /* "extern" in a function refers to the file's variable */
	/* a definition after a declaration has no name, but refers to the declaration */
	if (!use->name && dwarf_attr(die, DW_AT_specification, &attribute) &&
	    dwarf_formref_die(&attribute, &declared))
		use->name = dwarf_diename(&declared);
	return 0;
}

static int add_dies(struct type_graph *graph, Dwarf_Die *parent, const char *function, int depth);

/* An entry with an abstract origin is a copy; the origin itself is read. */
static int add_function(struct type_graph *graph, Dwarf_Die *die, int depth)
{
	const char *name = dwarf_diename(die);
	int err;

	if (!name || dwarf_hasattr(die, DW_AT_abstract_origin))
		return 0;
	err = add_use(graph, USE_RESULT, die, name);
	return err ?: add_dies(graph, die, name, depth + 1);
}

static int add_die(struct type_graph *graph, Dwarf_Die *die, const char *function, int depth)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		return add_function(graph, die, depth);
	case DW_TAG_lexical_block:
		return add_dies(graph, die, function, depth + 1);
	case DW_TAG_variable:
		return dwarf_hasattr(die, DW_AT_abstract_origin)
			       ? 0
			       : add_variable(graph, die, function);
	case DW_TAG_formal_parameter:
		return function ? add_use(graph, USE_PARAMETER, die, function) : 0;
	case DW_TAG_base_type:
	case DW_TAG_pointer_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
	case DW_TAG_array_type:
	case DW_TAG_subroutine_type:
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
	case DW_TAG_unspecified_type:
		return add_type(graph, die, function);
	default:
		return 0;
	}
}

static int add_dies(struct type_graph *graph, Dwarf_Die *parent, const char *function, int depth)
{
	Dwarf_Die child;
	int err = depth > 4 * TYPE_DEPTH_MAX ? -EINVAL : 0;

	for (int more = dwarf_child(parent, &child); !more && !err;
	     more = dwarf_siblingof(&child, &child))
		err = add_die(graph, &child, function, depth);
	return err;
}

/* A structure without a name gets the name of its typedef. */
static void name_by_typedefs(struct type_graph *graph)
{
	for (size_t i = 0; i < graph->n; i++) {
		struct type *type;

		if (graph->types[i].tag != DW_TAG_typedef)
			continue;
		type = (struct type *)graph_type(graph, graph->types[i].to);
		if (type && type_is_compound(type) && !type->name)
			type->name = graph->types[i].name;
	}
}

static int compare_names(const char *a, const char *b)
{
	return strcmp(a ?: "", b ?: "");
}

/* Compares by name what is unique in its function, and by position what may be renamed. */
static int same_place(const struct use *a, const struct use *b)
{
	int order = (a->kind > b->kind) - (a->kind < b->kind);

	order = order ?: compare_names(a->function, b->function);
	if (a->kind == USE_PARAMETER || a->kind == USE_RESULT)
		return order;
	return order ?: compare_names(a->name, b->name);
}

int use_order(const struct use *a, const struct use *b)
{
	return same_place(a, b) ?: (a->nth > b->nth) - (a->nth < b->nth);
}

static int use_read_order(const void *a, const void *b)
{
	return use_order(a, b);
}

/*
 * Keep one of a declaration and its definition, or of several declarations. A function that is both
 * declared in a block and defined has its parameters twice: keep one of each.
 */
static void number_uses(struct type_graph *graph)
{
	struct use *uses = graph->uses;
	size_t kept = 0;

	for (size_t i = 0; i < graph->n_uses; i++)
		uses[i].nth = i; /* keeps the order in which they were read */
	if (graph->n_uses)
		qsort(uses, graph->n_uses, sizeof(*uses), use_read_order);
	for (size_t i = 0; i < graph->n_uses; i++) {
		bool again = kept && !same_place(&uses[kept - 1], &uses[i]);
		size_t nth = again ? uses[kept - 1].nth + 1 : 0;

		if (again && uses[i].kind == USE_VARIABLE && !uses[i].function) {
			uses[kept - 1].defined |= uses[i].defined;
			/* the definition has the bounds that a declaration may lack */
			if (uses[i].defined)
				uses[kept - 1].type = uses[i].type;
			continue;
		}
		uses[kept] = uses[i];
		uses[kept++].nth = nth;
	}
	graph->n_uses = kept;
}

static int by_offset(const void *a, const void *b)
{
	const struct type *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

int graph_read(struct type_graph *graph, const char *path)
{
	Dwfl_Module *module;
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;
	int err = 0;

	memset(graph, 0, sizeof(*graph));
	graph->dwfl = dwfl_begin(&callbacks);
	if (!graph->dwfl)
		return -ENOMEM;
	module = dwfl_report_offline(graph->dwfl, "", path, -1);
	dwfl_report_end(graph->dwfl, NULL, NULL);
	if (!module || !dwfl_module_getdwarf(module, &bias))
		return -EINVAL;
	while (!err && (cu = dwfl_module_nextcu(module, cu, &bias)))
		err = add_dies(graph, cu, NULL, 0);
	if (!err && graph->n) { /* already in this order, unless one type is inside another */
		qsort(graph->types, graph->n, sizeof(*graph->types), by_offset);
		name_by_typedefs(graph);
	}
	if (!err)
		number_uses(graph);
	return err;
}

void graph_free(struct type_graph *graph)
{
	if (graph->dwfl)
		dwfl_end(graph->dwfl);
	free(graph->types);
	free(graph->slots);
	free(graph->uses);
}

const struct type *graph_type(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type key = { .offset = offset };

	return offset && graph->n ? bsearch(&key, graph->types, graph->n, sizeof(key), by_offset)
				  : NULL;
}

const struct type *graph_peel(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type *type = graph_type(graph, offset);

	for (int depth = 0; type && depth < TYPE_DEPTH_MAX; depth++) {
		switch (type->tag) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			type = graph_type(graph, type->to);
			continue;
		default:
			return type;
		}
	}
	return NULL;
}

const struct type *graph_element(const struct type_graph *graph, Dwarf_Off offset)
{
	const struct type *type = graph_peel(graph, offset);

	for (int depth = 0; type && type->tag == DW_TAG_array_type && depth < TYPE_DEPTH_MAX;
	     depth++)
		type = graph_peel(graph, type->to);
	return type;
}

bool type_is_aggregate(const struct type *type)
{
	return type->tag == DW_TAG_structure_type || type->tag == DW_TAG_union_type;
}

bool type_is_compound(const struct type *type)
{
	return type_is_aggregate(type) || type->tag == DW_TAG_enumeration_type;
}
