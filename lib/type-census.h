/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * type-compare.h judges what a difference between types means, and finds the types by their uses. A
 * census neither judges nor follows uses: it lists each type that the debug information of two
 * objects describes differently, so that each can be accounted for.
 */
#ifndef LIB_TYPE_CENSUS_H
#define LIB_TYPE_CENSUS_H

#include "lib/type-graph.h"

enum census_kind {
	CENSUS_TYPE, /* a structure, union or enumeration, by name; unnamed ones are part of others */
	CENSUS_TYPEDEF,
	CENSUS_VARIABLE, /* in both objects; outlives a call */
	CENSUS_FUNCTION, /* in both objects: what it takes and returns */
};

/* If only one object has it, the other side is NULL. */
struct census_entry {
	enum census_kind kind;
	const struct type *old, *new; /* CENSUS_TYPE, CENSUS_TYPEDEF */
	const struct use *old_use, *new_use; /* CENSUS_VARIABLE, CENSUS_FUNCTION */
	char *was, *is; /* both descriptions */
};

struct census {
	struct census_entry *list;
	size_t n, cap;
};

/* 0 or -ENOMEM; census_free() in either case. The graphs must outlive the census. */
int census_take(struct census *census, const struct type_graph *old, const struct type_graph *new);
void census_free(struct census *census);

#endif
