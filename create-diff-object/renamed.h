/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by renamed.c and renamed-proof.c: variables that are lost, and those
 * that are new.
 */
#ifndef CDO_RENAMED_H
#define CDO_RENAMED_H

#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

struct states {
	struct atom **atoms;
	size_t n;
};

/* What the twin of @from, or a list about it, has in place of @lost in @from; NULL: not known. */
struct atom *now_used_by(const struct atom *lost, const struct atom *from);

/* Is it a whole function without a twin that only this unit can name? */
bool is_static_function(const struct atom *atom);
/* What all users of @function have in its place; NULL: not one and the same function. */
struct atom *used_instead(const struct unit *original, const struct atom *function);
/* Does the source have @is in place of @was, by the names of the two functions? */
bool has_source_names(const struct words *words, const struct atom *was, const struct atom *is);

#endif
