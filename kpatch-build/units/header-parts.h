/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A header as a list of parts: directives, declarations, definitions. The differences
 * between two versions are then a list of parts. Most of them declare one name, and
 * don't affect a unit that doesn't use this name.
 *
 * The text is not preprocessed, so a part is only classified if it looks exactly
 * like one of the kinds below, without a word whose meaning could be another one.
 * Any other part is PART_OTHER: its effect is unknown.
 */
#ifndef KPATCH_BUILD_HEADER_PARTS_H
#define KPATCH_BUILD_HEADER_PARTS_H

#include <stdbool.h>
#include <stddef.h>

enum part_kind {
	PART_OTHER, /* may affect everything that is read after it */
	PART_CONDITION, /* #if to #endif: it is in the context of other parts, and does nothing itself */
	PART_MACRO, /* #define or #undef */
	PART_FUNCTION, /* a prototype or a static inline function */
	PART_VARIABLE, /* an extern declaration */
	PART_STRUCTURE, /* struct or union with a name, which declares no other name */
	PART_FORWARD, /* struct or union without members: no code depends on it */
};

struct header_part {
	enum part_kind kind;
	char *text; /* without comments, with single blanks; directives in it end in a line feed */
	char *context; /* the conditions around it */
	char *name; /* NULL: PART_OTHER and PART_CONDITION */
};

struct header_parts {
	struct header_part *list;
	size_t n;
};

/* Is it a word that only sparse understands? Such words are removed, except in directives. */
bool is_annotation(const char *word, size_t n);

/* 0, -ENOMEM, or -EINVAL if @text can't be divided: braces or conditions have no end. */
int header_parts_read(const char *text, struct header_parts *parts);
void header_parts_free(struct header_parts *parts);

bool header_parts_declare(const struct header_parts *parts, const char *name);

/* Where in ->text macros can have arguments, or NULL: in a declaration only within "[]". */
const char *header_part_calls(const struct header_part *part);

/* A macro whose text can end a declaration and begin another, and so declare more names. */
bool header_part_is_open(const struct header_part *part);

/* Does a declaration contain @word outside of a function's body, where such a macro takes effect? */
bool header_part_has_outside(const struct header_part *part, const char *word);

#endif
