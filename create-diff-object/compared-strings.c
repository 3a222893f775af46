// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New code brings its strings along, as the kernel's strings have no names.
 * That is right as long as they are only read. But zram frees a name unless it
 * is the default:
 *
 *	if (zram->comp_algs[prio] != default_compressor)
 *		kfree(zram->comp_algs[prio]);
 *
 * and default_compressor, which nothing writes to, is the address of a literal:
 *
 *	cmp    $.LC5,%rdi
 *
 * The running kernel has stored the address of its own literal. New code
 * compares with the address of another one, and frees what was never allocated.
 *
 * So new code must not contain a string whose address any code of the unit
 * compares, before or after the change.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/arch.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static const char *string_of(const struct reloc *reloc)
{
	const struct atom *to = reloc->to;

	if (!to || to->kind != ATOM_STRING || reloc->at < 0 || (uint64_t)reloc->at >= to->size)
		return NULL;
	return (const char *)atom_data(to) + reloc->at;
}

/* Constants that the linker merges don't end in a NUL: they are compared by value only. */
static bool same_string(const char *a, const struct reloc *reloc)
{
	const char *b = string_of(reloc);
	size_t room = b ? reloc->to->size - reloc->at : 0;

	return b && strnlen(b, room) < room && !strcmp(a, b);
}

/*
 * The code in @unit that compares the address of @string. Places within a string don't count: a
 * loop compares with its end.
 */
static struct atom *comparer_of(struct unit *unit, const char *string)
{
	unit_for_each_reloc(unit, at)
		if (atom_is_code(at.from) && !at.reloc->at && same_string(string, at.reloc) &&
		    unit->arch->compares_address(unit, at.from, at.reloc))
			return atom_group(at.from);
	return NULL;
}

static bool was_seen(const struct atom *from, const struct reloc *reloc)
{
	const struct reloc *before;

	atom_for_each_reloc(from, before)
		if (before == reloc)
			return false;
		else if (before->to == reloc->to && before->at == reloc->at)
			return true;
	return false;
}

static void check_atom(struct unit *original, struct unit *patched, struct atom *from,
		       struct diag *diag)
{
	const struct reloc *reloc;

	atom_for_each_reloc(from, reloc) {
		const char *string = string_of(reloc);
		struct atom *comparer;
		struct diag_place place;

		if (!string || !same_string(string, reloc) || was_seen(from, reloc))
			continue;
		comparer = comparer_of(original, string) ?: comparer_of(patched, string);
		if (!comparer)
			continue;
		place = atom_place(patched, from);
		diag_error(diag, "KS129", &place, "\"%s\", in %s", string, atom_name(from));
		diag_detail(diag, "its address is compared in %s", atom_name(comparer));
	}
}

int refuse_compared_strings(struct unit *original, struct unit *patched, struct diag *diag)
{
	size_t errors = diag_errors(diag);
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (atom->included && !atom->owner &&
			    (atom->kind == ATOM_FUNCTION || atom->kind == ATOM_DATA))
				check_atom(original, patched, atom, diag);
	return diag_errors(diag) > errors ? -EINVAL : 0;
}
