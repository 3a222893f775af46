// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of the processors that arch.h describes. */
#include <stddef.h>

#include "lib/array.h"
#include "lib/arch.h"
#include "create-diff-object/unit/arch.h"

static const struct arch_ops *const arches[] = {
	&arch_ops_x86_64,
};

const struct arch_ops *arch_of(uint16_t machine)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arches); i++)
		if (arches[i]->machine == machine)
			return arches[i];
	return NULL;
}

bool reloc_is_call(const struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	uint64_t at = reloc->offset - from->offset;

	return at < from->size && arch_branch_at(unit->elf->machine, reloc->type, atom_data(from),
						 at, NULL) != ARCH_NO_BRANCH;
}

unsigned int reloc_width(const struct unit *unit, uint32_t type)
{
	const struct arch_relocation *known = arch_relocation(unit->elf->machine, type);

	return known && known->loader ? known->width : 0;
}
