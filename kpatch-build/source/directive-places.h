/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a C file before which a #line directive can be put:
 * directive-places.c.
 */
#ifndef KPATCH_BUILD_DIRECTIVE_PLACES_H
#define KPATCH_BUILD_DIRECTIVE_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* For one line of a file. */
struct directive_place {
	bool fits; /* a directive before this line is recognised, and changes nothing else */
	bool after_condition; /* the line before it ends an #if, #else or #endif */
};

struct directive_places {
	struct directive_place *lines; /* lines[0] is line 1 */
	size_t n;
	bool has_own; /* the file has line directives of its own */
};

/* 0 or -ENOMEM. Free with directive_places_free(). */
int directive_places_find(const char *text, size_t size, struct directive_places *places);
void directive_places_free(struct directive_places *places);

#endif
