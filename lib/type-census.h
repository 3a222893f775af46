/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * type-compare.h asks what a difference of types means, and follows uses to find types. A census
 * asks nothing and follows nothing: it lists each type that two objects' debug information describes
 * in other words, so that somebody can say of each what became of it.
 */
#ifndef LIB_TYPE_CENSUS_H
#define LIB_TYPE_CENSUS_H

#include "lib/type-graph.h"

enum census_kind {
	CENSUS_TYPE, /* a structure, union or enumeration, by name; without one it is part of others */
	CENSUS_TYPEDEF,
	CENSUS_VARIABLE, /* that outlives a call, in both objects */
	CENSUS_FUNCTION, /* what it takes and returns, in both objects */
};

/* One of both sides is NULL if only the other object has it. */
struct census_entry {
	enum census_kind kind;
	const struct type *old, *new; /* CENSUS_TYPE, CENSUS_TYPEDEF */
	const struct use *old_use, *new_use; /* CENSUS_VARIABLE, CENSUS_FUNCTION */
	char *was, *is; /* its description */
};

struct census {
	struct census_entry *list;
	size_t n, cap;
};

/* 0 or -ENOMEM; census_free() in either case. The graphs have to stay. */
int census_take(struct census *census, const struct type_graph *old, const struct type_graph *new);
void census_free(struct census *census);

#endif
