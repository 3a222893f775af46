/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The macros that a unit uses, and their values: see macro-set.c. */
#ifndef KPATCH_BUILD_MACRO_SET_H
#define KPATCH_BUILD_MACRO_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/check/constant-expression.h"

struct macro {
	char *name;
	char *body; /* as defined */
	/* calls with arguments: "NAME(3);NAME(0x2468ace1)"; NULL: it has no parameters */
	char *calls;
	bool left_out; /* the preprocessor can't expand it, or its value isn't needed */
	char *expansion; /* the text after expanding all macros in it; NULL: not expanded */
	size_t nth; /* number among the definitions of this name, in their order */
};

struct macro_set {
	struct macro *list; /* in the order of the text */
	size_t n;
	struct macro **by_name;
	void *enumerators; /* tsearch() of struct enumerator */
	char *directives; /* all definitions as text, including those with parameters */
};

/* Read the output of "gcc -E -P -dU". 0 or -ENOMEM; free with macro_set_free() in either case. */
int macro_set_read(struct macro_set *set, char *text);
void macro_set_free(struct macro_set *set);

/* Definition number @nth of @name, or the last one if there are fewer. NULL: there is none. */
struct macro *macro_set_find(const struct macro_set *set, const char *name, size_t nth);

/* The input for the preprocessor; macro_set_take() reads the expansions from its output. */
char *macro_set_to_expand(const struct macro_set *set);
int macro_set_take(struct macro_set *set, const char *output);
/*
 * Leave out the macros that the preprocessor complains about in @log. False: it names none of them.
 */
bool macro_set_leave_out(struct macro_set *set, const char *log);

/* Of the macros with parameters, expand only those that @old and @new define differently. */
void macro_sets_choose_calls(struct macro_set *old, struct macro_set *new);

/* Does an enumerator have another value in @new than in @old? */
bool macro_sets_differ_in_enumerators(const struct macro_set *old, const struct macro_set *new);

/* An enumerator_fn for constant_evaluate(); @arg is the set. */
bool macro_set_enumerator(const char *name, size_t n, struct constant *value, void *arg);

#endif
