/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares types of two graphs, each pair once. The findings of a comparison belong to the pair;
 * each use of the pair gets the verdict.
 */
#ifndef KLP_SPLIT_TYPE_COMPARE_H
#define KLP_SPLIT_TYPE_COMPARE_H

#include "lib/type-graph.h"

/* What the comparison means for a reader of old data, the worst last. */
enum verdict {
	VERDICT_SAME,
	VERDICT_RENAMED, /* the same data under another name */
	VERDICT_SENTINEL, /* an enumerator that counts the others moved after new ones */
	VERDICT_PADDING, /* bits that had no meaning have one now */
	/* the same bits are read as another type, which usually gives the same value */
	VERDICT_RETYPED,
	VERDICT_DIFFERENT, /* old data has another meaning */
};

struct finding {
	enum verdict verdict;
	size_t order; /* position in the new definition */
	char *where; /* "bar", "u.bar", an enumerator; NULL: the type as a whole */
	char *was, *now;
};

struct pair {
	const struct type *old, *new;
	bool begun; /* compared, or being compared */
	bool announced; /* it is reported by itself; its uses are not reported */
	enum verdict worst;
	int fate; /* enum layout_fate of an announced pair: type-layout.c */
	struct finding *findings;
	size_t n;
};

struct names {
	const struct type **list; /* sorted by kind, name, scope and line */
	size_t n;
};

struct comparison {
	const struct type_graph *old, *new;
	struct names old_names, new_names;
	struct names old_enums, new_enums; /* of all enumerations, for their enumerators */
	struct pair **pairs;
	size_t n, cap;
	struct pair **table; /* the same, hashed */
	size_t n_table;
	bool failed; /* memory is out */
};

/* The verdict on reading data of type @old as @new: offsets of types in their graphs. */
enum verdict compare_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new);
enum array_bounds { ANY_BOUNDS, SAME_BOUNDS };
/* The same for a variable. Its number of elements may differ, as its size is reported elsewhere. */
enum verdict compare_variable_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new,
				    enum array_bounds bounds);
/* Is @old gone and @new new, so that one may be the other under another name? */
bool may_be_renamed(const struct comparison *c, const struct type *old, const struct type *new);
/* Neither type has a name of its own: they are compared where they are used. */
bool are_unnamed(const struct type *old, const struct type *new);

/* Size in bytes of a value of this type; 0: none, or not known. */
uint64_t size_of_type(const struct type_graph *graph, Dwarf_Off offset);

/* Find the enumerator of that name and scope in the enumerations @enums; NULL: there is none. */
const struct slot *find_enumerator(const struct type_graph *graph, const struct names *enums,
				   const char *scope, const char *name, const struct type **type);

#endif
