/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A structure may change freely if it is only on the stack of functions that pass pointers to it to
 * one another, and each task runs either only their old or only their new versions. This is what
 * debug information tells about that; casts leave no trace in it.
 */
#ifndef KLP_SPLIT_TYPE_STACK_H
#define KLP_SPLIT_TYPE_STACK_H

#include "lib/type-graph.h"

/* A variable on the stack, a local pointer, or a parameter that is a pointer. */
struct stack_use {
	const char *function, *name;
	bool parameter;
};

struct stack_type {
	const char *tag; /* "job" of "struct job" */
	struct stack_use *uses;
	size_t n_uses;
	/* functions of the object whose code has those uses, inlined ones as well */
	const char **holders;
	size_t n_holders;
};

/*
 * 0; -EINVAL if a variable, member, result, array, typedef or pointer to a function has the type,
 * or if the debug information doesn't tell; -ENOMEM. Free with stack_type_free() in any case; the
 * strings are the graph's.
 */
int stack_type_read(const struct type_graph *graph, const struct type *type,
		    struct stack_type *out);
void stack_type_free(struct stack_type *stack);

#endif
