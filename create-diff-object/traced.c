// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A callback that is declared inline is notrace (include/linux/compiler_types.h),
 * so ftrace can't redirect it. A diff removes the word, to share the function
 * with another file:
 *
 *	-static inline int ops_cmp(const void *a, const void *b)
 *	+int ops_cmp(const void *a, const void *b)
 *
 * The code is the same, but now begins with a call to ftrace. That call does
 * nothing for the function: it need not be replaced, and other code can use the
 * running kernel's.
 */
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/arch.h"

static bool became_traced(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && atom->twin && !atom->parent && atom->patchable &&
	       !atom->twin->patchable && atom->twin->symbol &&
	       atom->twin->symbol->bind == STB_LOCAL;
}

void skip_ftrace_calls(struct unit *patched)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (became_traced(atom))
				atom->landing += patched->arch->ftrace_call(atom);
}
