/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static locals of one name that can be told apart by their initial values. */
#ifndef CDO_INITIAL_VALUES_H
#define CDO_INITIAL_VALUES_H

#include "create-diff-object/unit/unit.h"

/*
 * Does each of the @n variables at @a have an initial value of its own, which the variable at the
 * same position of @b has as well? Both arrays are sorted by declaration.
 */
bool initial_values_tell(struct atom *const *a, struct atom *const *b, size_t n);

#endif
