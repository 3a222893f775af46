// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collects what uses.h describes. Only lists about the code name a static key that the code tests,
 * so an entry of such a list is a use by the code that it is about. What runs only at boot is no
 * user: the running kernel has no state there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/uses.h"

bool is_undefined(const struct reloc *reloc)
{
	return !reloc->to && reloc->symbol && reloc->symbol->shndx == SHN_UNDEF;
}

static bool means(const struct reloc *reloc, const struct shared *shared)
{
	if (shared->atom)
		return reloc->to == shared->atom;
	return is_undefined(reloc) && !strcmp(reloc->symbol->name, shared->elsewhere);
}

static struct use *add(struct uses *uses)
{
	if (uses->n == uses->capacity) {
		size_t capacity = uses->capacity ? 2 * uses->capacity : 16;
		struct use *list = reallocarray(uses->list, capacity, sizeof(*list));

		if (!list)
			return NULL;
		uses->list = list;
		uses->capacity = capacity;
	}
	uses->list[uses->n] = (struct use){ 0 };
	return &uses->list[uses->n++];
}

static int add_use(struct uses *uses, struct unit *unit, struct atom *from, uint64_t offset,
		   int64_t at)
{
	struct use *use = add(uses);

	if (!use)
		return -ENOMEM;
	use->from = from;
	use->at = at;
	if (atom_is_code(from))
		use->n = source_places(unit, from, offset, use->places);
	return 0;
}

/* The list has one entry for each place in the code. */
static int add_entry(struct uses *uses, struct unit *unit, struct atom *entry, int64_t at)
{
	const struct reloc *reloc;

	if (!entry->owner || !atom_is_code(entry->owner))
		return 0;
	atom_for_each_reloc(entry, reloc)
		if (reloc->to == entry->owner)
			return add_use(uses, unit, entry->owner, reloc->at, at);
	return 0;
}

int uses_add(struct uses *uses, struct unit *unit, const struct shared *shared)
{
	const struct reloc *reloc;
	struct unit_section *s;
	struct atom *from;
	int err = 0;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, from) {
			/* jumps of a function, and lists about its code, refer to that function */
			if (atom_group(from) == shared->atom || !is_user(from))
				continue;
			atom_for_each_reloc(from, reloc)
				if (means(reloc, shared) && !err)
					err = from->kind == ATOM_ENTRY
						      ? add_entry(uses, unit, from, reloc->at)
						      : add_use(uses, unit, from,
								reloc->offset - from->offset,
								reloc->at);
		}
	}
	return err;
}

void uses_free(struct uses *uses)
{
	free(uses->list);
	*uses = (struct uses){ 0 };
}
