/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which types of two objects are to be compared: those that the same variable, parameter or local
 * has in both, those of one name, and those that may be one under two names.
 */
#ifndef KLP_SPLIT_TYPE_USES_H
#define KLP_SPLIT_TYPE_USES_H

#include "lib/type-compare.h"

/* A variable of both whose type isn't what it was. */
struct changed_variable {
	const struct use *old, *new;
	enum verdict verdict;
	const struct pair *inner; /* what differs, if its type has no name; else NULL */
	int fate; /* enum layout_fate: type-layout.c */
};

struct changed_variables {
	struct changed_variable *list; /* free() */
	size_t n;
};

/* Whether the diffs change @file; without that, a type of it is what it was. */
typedef bool (*file_changes_fn)(const char *file, void *arg);

/* Compare all; the pairs that are to be reported are marked. 0 or -ENOMEM. */
int compare_uses(struct comparison *c, file_changes_fn changes, void *arg,
		 struct changed_variables *variables);

/* What is only read isn't state: new code has its own. */
bool type_is_constant(const struct type_graph *graph, Dwarf_Off offset);

/*
 * Whether all that the object has of @type lies on the stack of one function: returns its name. NULL:
 * something else has it, or nothing is known to have it.
 */
const char *only_user(const struct type_graph *graph, const struct type *type);

#endif
