/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new member of a structure, which becomes a shadow variable: shadow-member.c. */
#ifndef KPATCH_BUILD_SUGGEST_MEMBER_H
#define KPATCH_BUILD_SUGGEST_MEMBER_H

#include <stdbool.h>

#include "kpatch-build/source/c-functions.h"

/* All strings are owned. */
struct member {
	char *structure, *name; /* "ksmbd_work", "credit_charge" */
	char *type; /* of the shadow variable: "unsigned short" */
	bool is_bit; /* declared as a bit field of one bit */
	char *id; /* the shadow variable's number, in C */
};

/* Does [@at, …) begin with the whole word @word? @text is where the text begins. */
bool is_word_at(const char *text, const char *at, const char *word);

/*
 * Is @name a parameter or local variable of @function that points to the structure? False if it
 * isn't declared there, or as something else.
 */
bool points_to(const struct c_functions *functions, const struct c_function *function,
	       const char *name, const char *structure);

#endif
