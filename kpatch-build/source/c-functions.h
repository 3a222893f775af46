/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find the functions that a C file defines: c-functions.c. */
#ifndef KPATCH_BUILD_SOURCE_C_FUNCTIONS_H
#define KPATCH_BUILD_SOURCE_C_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct c_function {
	char *name;
	size_t start, body, end; /* offsets: of its first line, of its '{', after the last line */
	size_t branch; /* of #if or #else, the innermost that it is in: where that begins; 0: none */
	bool unsure; /* conditions divide its braces: where it ends is a guess */
};

struct c_functions {
	char *blank; /* the text without comments, strings and directives, of the same size */
	char *directives; /* nothing but the directives, of the same size */
	struct c_function *list;
	size_t n;
};

/* Read @text. 0 or -ENOMEM. Free with c_functions_free(). */
int c_functions_read(const char *text, struct c_functions *functions);
void c_functions_free(struct c_functions *functions);

/* The only definition of @name; NULL: none, several, or one that is unsure. */
const struct c_function *c_function_find(const struct c_functions *functions, const char *name);
/* The same for what @from calls: of several the one that is in the same branch of #if and #else. */
const struct c_function *c_function_called(const struct c_functions *functions,
					   const struct c_function *from, const char *name);
/* How many definitions of @name are there? */
size_t c_function_count(const struct c_functions *functions, const char *name);
/* The function whose text contains @offset, or NULL. */
const struct c_function *c_function_at(const struct c_functions *functions, size_t offset);

#endif
