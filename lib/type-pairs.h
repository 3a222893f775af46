/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-pairs.c. */
#ifndef LIB_TYPE_PAIRS_H
#define LIB_TYPE_PAIRS_H

#include "lib/type-compare.h"

/* 0 or -ENOMEM; comparison_end() in either case. */
int comparison_begin(struct comparison *c, const struct type_graph *old,
		     const struct type_graph *new);

void comparison_end(struct comparison *c);

/* Add a finding of pair @p; takes the strings, of which @was and @now may not be NULL. */
void pair_add(struct comparison *c, struct pair *p, enum verdict verdict, size_t order, char *where,
	      char *was, char *now);

/* Compare the two types, unless they are compared or being compared. Returns the verdict so far. */
enum verdict pair_compare(struct comparison *c, struct pair *pair);

/* The finding with @verdict that comes first in the new definition; NULL: none. */
const struct finding *pair_first(const struct pair *pair, enum verdict verdict);

/* Find or make the pair of @old and @new, without comparing it; NULL: no memory. */
struct pair *pair_of(struct comparison *c, const struct type *old, const struct type *new);

/* Is there a type of that kind and name, in any scope? A declaration counts as well. */
bool type_names_have(const struct names *names, const struct type *like);

int type_order(const struct type *a, const struct type *b);

#endif
