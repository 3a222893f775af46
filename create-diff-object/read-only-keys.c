// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New code that tests a static key of the running kernel makes the module
 * loader write to that key (lib/static-keys.h). This pass tells the author
 * which function and line tests a key that is read-only. `klp-relocs verify`
 * finds the same in the finished module, and also the keys that units of
 * modules use from vmlinux, whose symbols are not available here.
 */
#include <errno.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static const struct object_symbol *key_of(const struct atom *entry)
{
	const struct reloc *reloc;

	atom_for_each_reloc(entry, reloc)
		if (reloc->offset - entry->offset == entry->section->rule->key_at && reloc->ref)
			return reloc->ref->found;
	return NULL;
}

int refuse_read_only_keys(struct unit *patched, const struct object_index *object,
			  struct diag *diag)
{
	const struct object_symbol *key;
	struct unit_section *s;
	struct diag_place place;
	struct atom *entry;
	int err = 0;

	unit_for_each_section(patched, s) {
		if (!s->rule->key_at)
			continue;
		section_for_each_atom(s, entry) {
			key = entry->included && entry->owner ? key_of(entry) : NULL;
			/* the entry of a static call may name its trampoline, which is code */
			if (!key || key->type == STT_FUNC ||
			    static_key_can_be_linked(object, key, s->rule->key))
				continue;
			place = atom_place(patched, entry->owner);
			err = diag_error(diag, "KS243", &place, "'%s' of %s", key->name,
					 object_index_name(object));
		}
	}
	return err;
}
