/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The macros that a unit uses, and their values: see macro-set.c. */
#ifndef KPATCH_BUILD_MACRO_SET_H
#define KPATCH_BUILD_MACRO_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/check/constant-expression.h"

struct macro {
	char *name;
	char *body; /* as it is defined */
	char *calls; /* of one with arguments: "NAME(3);NAME(0x2468ace1)"; NULL: it has none */
	bool left_out; /* the preprocessor can't expand it, or nobody wants it */
	char *expansion; /* what remains of it when all macros in it are expanded; NULL: not asked
			    for */
	size_t nth; /* of the definitions of this name, in their order */
};

struct macro_set {
	struct macro *list; /* in the order of the text */
	size_t n;
	struct macro **by_name;
	void *enumerators; /* tsearch() of struct enumerator */
	char *directives; /* all definitions, those with arguments too, as text */
};

/*
 * Read the output of "gcc -E -P -dU". 0 or -ENOMEM; free with macro_set_free() in either case.
 */
int macro_set_read(struct macro_set *set, char *text);
void macro_set_free(struct macro_set *set);

/* The definition of @name that is number @nth, or the last one if there aren't as many. NULL: there
 * is none. */
struct macro *macro_set_find(const struct macro_set *set, const char *name, size_t nth);

/* What the preprocessor is to expand, so that macro_set_take() can read the expansions from its
 * output. */
char *macro_set_to_expand(const struct macro_set *set);
int macro_set_take(struct macro_set *set, const char *output);
/* Leave out what the preprocessor complains of in @log. False: it names none of them. */
bool macro_set_leave_out(struct macro_set *set, const char *log);

/* Of the macros with arguments, only those that @old and @new define differently are expanded. */
void macro_sets_choose_calls(struct macro_set *old, struct macro_set *new);

/* An enumerator has another value in @new than in @old. */
bool macro_sets_differ_in_enumerators(const struct macro_set *old, const struct macro_set *new);

/* An enumerator_fn for constant_evaluate(); @arg is the set. */
bool macro_set_enumerator(const char *name, size_t n, struct constant *value, void *arg);

#endif
