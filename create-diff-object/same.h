/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compare two atoms: would the running kernel notice a difference? The functions
 * that other passes use as well are declared in passes.h.
 */
#ifndef CDO_SAME_H
#define CDO_SAME_H

#include "create-diff-object/unit/unit.h"

/* Does @patched need a stricter alignment than the running kernel's @original has? */
bool has_to_move(const struct atom *original, const struct atom *patched);

/*
 * The alignment of @atom as has_to_move() compares it: that of its section, or the declared one if
 * one of the two atoms shares its section with others.
 */
uint64_t comparable_alignment(const struct atom *atom, const struct atom *other);

#endif
