// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of what arch.h describes. */
#include <stddef.h>

#include "create-diff-object/unit/arch.h"

static const struct arch_ops *const arches[] = {
	&arch_x86_64,
};

const struct arch_ops *arch_of(uint16_t machine)
{
	size_t i;

	for (i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (arches[i]->machine == machine)
			return arches[i];
	return NULL;
}
