/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a piece of C uses, and as what: c-words.c. */
#ifndef KPATCH_BUILD_SOURCE_C_WORDS_H
#define KPATCH_BUILD_SOURCE_C_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/strvec.h"

struct c_words {
	struct strvec state; /* variables and members */
	struct strvec all; /* functions, macros, types and constants as well; no words of C */
};

/*
 * Add the names in [@text, @end), which has no comments, but those that @locals has: parameters and
 * variables of a function. 0 or -ENOMEM.
 */
int c_words_add(struct c_words *words, const char *text, const char *end,
		const struct strvec *locals);
void c_words_free(struct c_words *words);

/* Add the names that the function in [@text, @end) declares. */
int c_locals_add(struct strvec *locals, const char *text, const char *end);

#endif
