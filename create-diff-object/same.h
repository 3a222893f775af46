/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two atoms are the same to the running kernel. The functions that other
 * passes use as well are declared in passes.h.
 */
#ifndef CDO_SAME_H
#define CDO_SAME_H

#include "create-diff-object/unit/unit.h"

/* Does @patched need a stricter alignment than the running kernel's @original has? */
bool has_to_move(const struct atom *original, const struct atom *patched);

/*
 * The alignment as has_to_move() compares it: if one side shares a section, that of the
 * declarations.
 */
uint64_t told_alignment(const struct atom *atom, const struct atom *other);

#endif
