/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See renamed-proof.c. */
#ifndef CDO_RENAMED_PROOF_H
#define CDO_RENAMED_PROOF_H

#include "create-diff-object/renamed.h"

/* Is @lost its twin under another name, though all code that uses it has changed? */
bool is_renamed_in_changed(struct unit *original, struct unit *patched, const struct words *words,
			   const struct states *all_lost, const struct states *all_new,
			   struct atom *lost);

/* Code that runs only at boot, and sections that only the build uses, are not users. */
bool is_user(const struct atom *from);

bool refers_to(const struct atom *from, const struct atom *to);

bool same_source_name(const struct atom *a, const struct atom *b);

bool same_type(const struct atom *a, const struct atom *b);

/*
 * Do they have the same initial value, and names of the same functions in it? Otherwise @new, which
 * has no twin, is no copy of @old.
 */
bool starts_alike(struct unit *original, struct unit *patched, struct atom *old, struct atom *new);

#endif
