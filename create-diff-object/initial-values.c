// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function declares "static int seen = 10" in one block and "static int seen
 * = 200" in another, and the patch changes both blocks in the same way. The
 * code around the two variables doesn't say which is which: each block
 * resembles both. The declarations do: an initial value can't change (KS104),
 * so a variable with the value 10 is not the one with the value 200.
 *
 * That holds only if no two variables of the function have the same value. Zero
 * proves nothing, as variables without a value have it. Nor does an address,
 * which is not in the bytes.
 */
#include <string.h>

#include "create-diff-object/initial-values.h"

static bool has_value(const struct atom *atom)
{
	const unsigned char *data = atom_data(atom);

	if (!data || atom->n_relocs)
		return false;
	for (uint64_t i = 0; i < atom->size; i++)
		if (data[i])
			return true;
	return false;
}

/* Both must have a value. */
static bool same_value(const struct atom *a, const struct atom *b)
{
	return a->size == b->size && !memcmp(atom_data(a), atom_data(b), a->size);
}

bool initial_values_tell(struct atom *const *a, struct atom *const *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!has_value(a[i]) || !has_value(b[i]) || !same_value(a[i], b[i]))
			return false;
		for (size_t k = 0; k < i; k++)
			if (same_value(a[i], a[k]))
				return false;
	}
	return true;
}
