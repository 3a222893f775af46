/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares types of two graphs, each pair once. What the comparison of one pair finds stays with
 * that pair; a use of the pair is told a verdict.
 */
#ifndef KLP_SPLIT_TYPE_COMPARE_H
#define KLP_SPLIT_TYPE_COMPARE_H

#include "lib/type-graph.h"

/* What a reader of old data has to know, the worst last. */
enum verdict {
	VERDICT_SAME,
	VERDICT_RENAMED, /* the same data under another name */
	VERDICT_SENTINEL, /* an enumerator that counts the others moved behind new ones */
	VERDICT_PADDING, /* bits that meant nothing mean something */
	/* the same bits are read as another type, which gives the same value as a rule */
	VERDICT_RETYPED,
	VERDICT_DIFFERENT, /* old data means something else */
};

struct finding {
	enum verdict verdict;
	size_t order; /* in the new definition */
	char *where; /* "bar", "u.bar", an enumerator; NULL: the type as a whole */
	char *was, *now;
};

/* How a pair was found: only what is certain may explain why two types of one name aren't compared. */
struct pair {
	const struct type *old, *new;
	bool begun; /* found to be compared, or being compared */
	bool announced; /* it is reported by itself: the uses of it are not */
	enum verdict worst;
	int fate; /* enum layout_fate, of one that was announced: type-layout.c */
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

/* How data of type @old reads as @new: offsets of types in their graphs. */
enum verdict compare_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new);
/* The same for a variable, which may have another number of elements: others report its size. */
enum verdict compare_variable_types(struct comparison *c, Dwarf_Off old, Dwarf_Off new,
				    bool bounds);
/* Is @old gone and @new new: may one be the other under another name? */
bool may_be_renamed(const struct comparison *c, const struct type *old, const struct type *new);
/* Neither has a name of its own: they are compared where they are used. */
bool are_unnamed(const struct type *old, const struct type *new);

/* Bytes of a value of this type; 0: none, or not known. */
uint64_t size_of_type(const struct type_graph *graph, Dwarf_Off offset);

/* Has the enumerations @enums an enumerator of that name in that scope? */
const struct slot *find_enumerator(const struct type_graph *graph, const struct names *enums,
				   const char *scope, const char *name, const struct type **type);

#endif
