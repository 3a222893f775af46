/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selects which types of two objects are compared: the types of the same variable, parameter or
 * local, types of one name, and types that may be one type under two names.
 */
#ifndef KLP_SPLIT_TYPE_USES_H
#define KLP_SPLIT_TYPE_USES_H

#include "lib/type-compare.h"

/* A variable of both objects whose type has changed. */
struct changed_variable {
	const struct use *old, *new;
	enum verdict verdict;
	const struct pair *inner; /* the pair that differs, if the type has no name; else NULL */
	int fate; /* enum layout_fate: type-layout.c */
};

struct changed_variables {
	struct changed_variable *list; /* free() */
	size_t n;
};

/* Do the diffs change @file? If not, its types are unchanged. */
typedef bool (*file_changes_fn)(const char *file, void *arg);

/* Compare all types, and mark the pairs that are to be reported. 0 or -ENOMEM. */
int compare_uses(struct comparison *c, file_changes_fn changes, void *arg,
		 struct changed_variables *variables);

/* Is the type only read? Then it isn't state: new code has its own copy. */
bool type_is_constant(const struct type_graph *graph, Dwarf_Off offset);

/*
 * If all that the object has of @type is on the stack of one function, return the function's name.
 * NULL: something else has it, or nothing is known to have it.
 */
const char *only_user(const struct type_graph *graph, const struct type *type);

#endif
