/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug information describes types as a graph, and gives the type of each variable, parameter and
 * local. This is the graph of one object file, as far as a comparison of types needs it.
 *
 * References between types are offsets in .debug_info, which graph_type() looks up, because a type
 * may be referred to before it is read. All strings belong to the file, which stays open.
 */
#ifndef KLP_SPLIT_TYPE_GRAPH_H
#define KLP_SPLIT_TYPE_GRAPH_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limit for nested unnamed structures and arrays of arrays: more means a damaged file or a loop. */
#define TYPE_DEPTH_MAX 32

/* A member, enumerator or parameter. */
struct slot {
	const char *name; /* NULL: none */
	Dwarf_Off type; /* 0: void; of an enumerator: none */
	long long place; /* bits from the start, or the enumerator's value */
	long long bits; /* size of a bit field; 0: as large as its type */
	unsigned int alignment; /* requested by the source; 0: not */
};

/* A type. Its DWARF tag tells its kind. */
struct type {
	Dwarf_Off offset;
	int tag;
	const char *name; /* its own, or that of the typedef that names it; NULL: none */
	const char *scope; /* the function that it is local to; NULL: none */
	Dwarf_Off to; /* target, element, result, or what a typedef stands for; 0: void */
	uint64_t size;
	unsigned int encoding; /* DW_ATE_… of a base type */
	unsigned int alignment;
	bool declaration; /* the unit knows only its name */
	bool prototyped, variadic;
	const char *file;
	int line;
	/* its slots; of an array: its dimensions, in ->place, -1 without a bound */
	size_t first, n;
};

enum use_kind {
	USE_VARIABLE, /* of the file, or static in a function: it outlives a call */
	USE_PARAMETER,
	USE_RESULT,
	USE_LOCAL, /* on the stack of ->function */
};

struct use {
	enum use_kind kind;
	const char *function; /* NULL: none */
	const char *name; /* NULL: a parameter of a function that is only declared */
	size_t nth; /* among those of its kind, function and name; a parameter's position */
	Dwarf_Off type;
	bool defined; /* a variable that this unit defines, not only declares */
	const char *file;
	int line;
};

struct type_graph {
	Dwfl *dwfl;
	struct type *types; /* in the order of their offsets */
	size_t n, cap;
	struct slot *slots;
	size_t n_slots, cap_slots;
	struct use *uses; /* sorted by kind, function, name and nth */
	size_t n_uses, cap_uses;
};

/* 0; -EINVAL if there is no (whole) debug information, or -ENOMEM: @graph needs graph_free(). */
int graph_read(struct type_graph *graph, const char *path);
void graph_free(struct type_graph *graph);

/* NULL: void, or nothing that is a type. */
const struct type *graph_type(const struct type_graph *graph, Dwarf_Off offset);

/* Past typedefs and qualifiers. NULL: void. */
const struct type *graph_peel(const struct type_graph *graph, Dwarf_Off offset);

/* The same, and past arrays: the element. */
const struct type *graph_element(const struct type_graph *graph, Dwarf_Off offset);

static inline const struct slot *type_slot(const struct type_graph *graph, const struct type *type,
					   size_t i)
{
	return &graph->slots[type->first + i];
}

/* struct, union or enum: what a definition of several lines describes */
bool type_is_compound(const struct type *type);
bool type_is_aggregate(const struct type *type); /* struct or union */

/* By kind, function, name and number: the order of type_graph.uses. */
int use_order(const struct use *a, const struct use *b);

#endif
