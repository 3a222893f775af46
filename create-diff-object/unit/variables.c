// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the declarations that variables.h describes. */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/unit/type-text.h"

/* Nested blocks and inlined functions. Deeper nesting means damaged debug information. */
#define DEPTH_MAX 128

/* Code that was compiled from a block that declares variables. */
struct instance {
	Dwarf_Off scope; /* the block */
	Dwarf_Die die;
};

/* The name of a variable that the source declares, and the compiler has left out. */
struct name {
	const char *function, *name;
};

struct variables {
	struct name *names;
	size_t n_names, names_capacity;
	struct variable **entries; /* atoms point to them */
	size_t n, capacity;
	Dwarf_Off *scopes; /* scopes of variables that functions declare; sorted */
	struct instance *instances; /* sorted by scope */
	size_t n_instances, instances_capacity;
};

/* libdwfl lays out the sections of a relocatable file one after the other. */
struct span {
	Dwarf_Addr start;
	struct unit_section *section;
};

struct walk {
	struct unit *unit;
	struct variables *variables;
	struct span *spans; /* sorted */
	size_t n_spans;
	size_t order;
	bool failed;
};

/* The current position of the walk: the scope that a declaration found there belongs to. */
struct scope {
	Dwarf_Die *die;
	const char *function;
	unsigned int depth;
};

static void *grow(void *array, size_t n, size_t *capacity, size_t size)
{
	size_t more = *capacity ? 2 * *capacity : 64;
	void *grown;

	if (n < *capacity)
		return array;
	grown = realloc(array, more * size);
	if (grown)
		*capacity = more;
	return grown;
}

static int by_offset(const void *a, const void *b)
{
	const Dwarf_Off *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static int lay_out(struct walk *walk)
{
	struct unit_section *s;
	struct span *span;

	walk->spans = calloc(walk->unit->n_sections + 1, sizeof(*walk->spans));
	if (!walk->spans)
		return -ENOMEM;
	unit_for_each_section(walk->unit, s) {
		span = &walk->spans[walk->n_spans];
		if (!s->n_atoms || !(s->elf->flags & SHF_ALLOC) ||
		    !atom_address(walk->unit, s->atoms, 0, &span->start))
			continue;
		span->start -= s->atoms->offset;
		span->section = s;
		walk->n_spans++;
	}
	qsort(walk->spans, walk->n_spans, sizeof(*walk->spans), by_start);
	return 0;
}

static struct atom *atom_in_span(const struct span *span, Dwarf_Addr address, const char *name)
{
	struct atom *atom = section_atom_at(span->section, address - span->start);

	return atom && atom->kind == ATOM_DATA && atom->symbol &&
			       atom->offset == address - span->start &&
			       name_is_of(atom->symbol->name, name)
		       ? atom
		       : NULL;
}

/*
 * The variable at @address that the source calls @name. Another variable begins at the end of one,
 * and a variable of an empty type has the same address as the next one.
 */
static struct atom *find_atom(const struct walk *walk, Dwarf_Addr address, const char *name)
{
	size_t low = 0, high = walk->n_spans;
	struct atom *atom = NULL;
	Dwarf_Addr start;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (walk->spans[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || !name)
		return NULL;
	start = walk->spans[low - 1].start;
	while (!atom && low && walk->spans[low - 1].start == start)
		atom = atom_in_span(&walk->spans[--low], address, name);
	return atom;
}

/* A variable of the object has one fixed address; an automatic one has none. */
static bool address_of_variable(Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *op;
	size_t n;

	if (!dwarf_attr(die, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &op, &n) || n != 1 || op->atom != DW_OP_addr)
		return false;
	*address = op->number;
	return true;
}

static void add_name(struct walk *walk, Dwarf_Die *die, const struct scope *scope)
{
	struct variables *list = walk->variables;
	const char *name = dwarf_diename(die);
	struct name *names;
	Dwarf_Addr address;

	if (!name || dwarf_hasattr(die, DW_AT_declaration) || address_of_variable(die, &address))
		return;
	names = grow(list->names, list->n_names, &list->names_capacity, sizeof(*names));
	if (!names) {
		walk->failed = true;
		return;
	}
	list->names = names;
	names[list->n_names++] = (struct name){ scope->function ?: "", name };
}

static void add_variable(struct walk *walk, Dwarf_Die *die, const struct scope *scope)
{
	struct variables *list = walk->variables;
	struct variable **entries, *variable;
	Dwarf_Addr address;
	struct atom *atom;

	if (!address_of_variable(die, &address))
		return;
	atom = find_atom(walk, address, dwarf_diename(die));
	if (!atom || atom->declared)
		return;
	entries = grow(list->entries, list->n, &list->capacity, sizeof(struct variable *));
	if (entries)
		list->entries = entries;
	variable = entries ? calloc(1, sizeof(*variable)) : NULL;
	if (!variable) {
		walk->failed = true;
		return;
	}
	*variable = (struct variable){ .atom = atom,
				       .die = *die,
				       .function = scope->function,
				       .depth = scope->depth,
				       .order = walk->order++,
				       .scope = dwarf_dieoffset(scope->die),
				       .type = type_text(die) };
	list->entries[list->n++] = variable;
	atom->declared = variable;
}

/*
 * Read only what the source declares. A copy of a function (inlined, or out of line) repeats its
 * declarations as references to those of the function itself.
 */
static void read_scope(struct walk *walk, const struct scope *scope, unsigned int level)
{
	struct scope inner;
	Dwarf_Die die;

	if (level > DEPTH_MAX || dwarf_child(scope->die, &die))
		return;
	do {
		if (dwarf_hasattr(&die, DW_AT_abstract_origin))
			continue;
		switch (dwarf_tag(&die)) {
		case DW_TAG_variable:
			add_name(walk, &die, scope);
			add_variable(walk, &die, scope);
			break;
		case DW_TAG_subprogram:
			inner = (struct scope){ &die, dwarf_diename(&die) ?: scope->function, 0 };
			read_scope(walk, &inner, level + 1);
			break;
		case DW_TAG_lexical_block:
			inner = (struct scope){ &die, scope->function, scope->depth + 1 };
			read_scope(walk, &inner, level + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static bool is_declared_in(const struct variables *variables, Dwarf_Off scope)
{
	return scope && bsearch(&scope, variables->scopes, variables->n, sizeof(scope), by_offset);
}

/* The block with variables that the code of @die was compiled from. 0: none. */
static Dwarf_Off scope_of(const struct variables *variables, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;

	if (!dwarf_hasattr(die, DW_AT_low_pc) && !dwarf_hasattr(die, DW_AT_ranges))
		return 0;
	if (is_declared_in(variables, dwarf_dieoffset(die)))
		return dwarf_dieoffset(die);
	if (!dwarf_attr(die, DW_AT_abstract_origin, &attribute) ||
	    !dwarf_formref_die(&attribute, &origin) ||
	    !is_declared_in(variables, dwarf_dieoffset(&origin)))
		return 0;
	return dwarf_dieoffset(&origin);
}

static bool add_instance(struct variables *variables, Dwarf_Off scope, Dwarf_Die *die)
{
	struct instance *list = grow(variables->instances, variables->n_instances,
				     &variables->instances_capacity, sizeof(*list));

	if (!list)
		return false;
	variables->instances = list;
	list[variables->n_instances++] = (struct instance){ scope, *die };
	return true;
}

static void find_instances(struct walk *walk, Dwarf_Die *parent, unsigned int level)
{
	Dwarf_Off scope;
	Dwarf_Die die;

	if (level > DEPTH_MAX || dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_lexical_block:
			scope = scope_of(walk->variables, &die);
			if (scope && !add_instance(walk->variables, scope, &die))
				walk->failed = true;
			find_instances(walk, &die, level + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static int by_scope(const void *a, const void *b)
{
	const struct instance *x = a, *y = b;

	return (x->scope > y->scope) - (x->scope < y->scope);
}

static int read_instances(struct walk *walk)
{
	struct variables *variables = walk->variables;
	Dwarf_Die *cu = NULL;
	size_t i;

	variables->scopes = calloc(variables->n + 1, sizeof(*variables->scopes));
	if (!variables->scopes)
		return -ENOMEM;
	for (i = 0; i < variables->n; i++)
		if (variables->entries[i]->function)
			variables->scopes[i] = variables->entries[i]->scope;
	qsort(variables->scopes, variables->n, sizeof(*variables->scopes), by_offset);
	while ((cu = next_cu(walk->unit, cu)))
		find_instances(walk, cu, 0);
	if (variables->n_instances)
		qsort(variables->instances, variables->n_instances, sizeof(*variables->instances),
		      by_scope);
	return walk->failed ? -ENOMEM : 0;
}

int unit_read_variables(struct unit *unit, struct diag *diag)
{
	struct walk walk = { .unit = unit };
	Dwarf_Die *cu = NULL;
	int err;

	walk.variables = calloc(1, sizeof(*walk.variables));
	if (!walk.variables)
		return diag_oom(diag);
	unit->variables = walk.variables;
	err = lay_out(&walk);
	while (!err && (cu = next_cu(unit, cu))) {
		struct scope file = { .die = cu };

		read_scope(&walk, &file, 0);
	}
	err = err ?: read_instances(&walk);
	free(walk.spans);
	return err ? diag_oom(diag) : 0;
}

void variables_free(struct variables *variables)
{
	size_t i;

	if (!variables)
		return;
	for (i = 0; i < variables->n; i++) {
		free(variables->entries[i]->type);
		free(variables->entries[i]);
	}
	free(variables->entries);
	free(variables->names);
	free(variables->scopes);
	free(variables->instances);
	free(variables);
}

bool unit_leaves_out(const struct unit *unit, const struct variable *variable)
{
	const struct variables *all = unit->variables;
	const char *name = dwarf_diename((Dwarf_Die *)&variable->die);
	size_t i;

	for (i = 0; i < all->n_names; i++)
		if (name && !strcmp(all->names[i].name, name) &&
		    !strcmp(all->names[i].function, variable->function ?: ""))
			return true;
	return false;
}

uint64_t declared_alignment(const struct atom *atom)
{
	Dwarf_Attribute attribute;
	Dwarf_Word alignment;
	Dwarf_Die die;

	if (!atom->declared)
		return 0;
	die = atom->declared->die;
	return dwarf_attr(&die, DW_AT_alignment, &attribute) &&
			       !dwarf_formudata(&attribute, &alignment)
		       ? alignment
		       : 0;
}

bool unit_has_variables(const struct unit *unit)
{
	return unit->variables && unit->variables->n;
}

static const struct instance *first_instance(const struct variables *variables, Dwarf_Off scope)
{
	size_t low = 0, high = variables->n_instances;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (variables->instances[middle].scope < scope)
			low = middle + 1;
		else
			high = middle;
	}
	return variables->instances + low;
}

bool is_in_block_of(struct unit *unit, const struct variable *variable, const struct atom *code,
		    uint64_t offset)
{
	const struct variables *all = unit->variables;
	const struct instance *instance = first_instance(all, variable->scope);
	Dwarf_Addr address;

	if (!atom_address(unit, code, offset, &address))
		return false;
	for (; instance < all->instances + all->n_instances; instance++) {
		Dwarf_Die die = instance->die;

		if (instance->scope != variable->scope)
			break;
		if (dwarf_haspc(&die, address) > 0)
			return true;
	}
	return false;
}

bool is_written_here(Dwarf_Die *scope)
{
	int tag = dwarf_tag(scope);
	const char *file;

	if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
		return false;
	file = dwarf_decl_file(scope);
	return file && strncmp(file, "include/", 8) && !strstr(file, "/include/");
}

const char *source_function(struct unit *unit, const struct atom *code, uint64_t offset)
{
	const char *name = NULL;
	Dwarf_Die *cu = NULL, *scopes;
	Dwarf_Addr address;
	int n, i;

	if (!atom_address(unit, code, offset, &address))
		return atom_name(code);
	while (!name && (cu = next_cu(unit, cu))) {
		n = dwarf_getscopes(cu, address, &scopes);
		for (i = 0; i < n && !name; i++)
			if (is_written_here(&scopes[i]))
				name = dwarf_diename(&scopes[i]);
		if (n > 0)
			free(scopes);
	}
	return name ?: atom_name(code);
}

bool source_line(struct unit *unit, const struct atom *code, uint64_t offset, int *line)
{
	Dwarf_Die *cu = NULL;
	Dwarf_Addr address;
	Dwarf_Line *row;

	if (!atom_address(unit, code, offset, &address))
		return false;
	while ((cu = next_cu(unit, cu))) {
		row = dwarf_getsrc_die(cu, address);
		if (row && !dwarf_lineno(row, line))
			return true;
	}
	return false;
}
