// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff moves a function to another file of the same object. The old file no
 * longer has it, the new file has one more, and neither pair of units shows
 * that the running kernel has it: units that aren't compiled again would go on
 * calling the old code.
 *
 * kpatch-build compares the names of all units. It tells this unit what was
 * moved here, and from which unit (--moved NAME=ORIGINAL.o). That unit has the
 * original: this pass pairs the two. From then on, a function that moved is a
 * changed function like any other, and a variable that moved is the running
 * kernel's.
 */
#include <errno.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* The only function or variable of this @name; NULL: there is none, or several. */
static struct atom *find_alone(const struct unit *unit, const char *name)
{
	struct atom *found = NULL, *atom;
	struct elf_symbol *symbol;

	elf_for_each_symbol(unit->elf, symbol) {
		if (!symbol->section || symbol->type == STT_SECTION || strcmp(symbol->name, name))
			continue;
		atom = section_atom_at(symbol->section->priv, symbol->value);
		if (found || !atom || atom->offset != symbol->value)
			return NULL;
		found = atom;
	}
	return found;
}

static int refuse(struct unit *patched, const char *name, const struct atom *atom, const char *why,
		  struct diag *diag)
{
	struct diag_place place = { .file = patched->source, .function = name };

	if (atom)
		place = atom_place(patched, atom);
	diag_error(diag, "KS359", &place, "'%s'", name);
	diag_detail(diag, "%s", why);
	return -EINVAL;
}

static const char *why_not_paired(const struct atom *from, const struct atom *to)
{
	if (!from || !to)
		return "one of the two files has several of that name, or it is an alias there";
	if (from->kind != to->kind || (from->kind != ATOM_FUNCTION && from->kind != ATOM_DATA))
		return "it was a function and is a variable, or the other way round";
	if ((atom_section_kind(from) == SECTION_INIT) != (atom_section_kind(to) == SECTION_INIT))
		return "only one of the two files frees it after init";
	return NULL;
}

/*
 * Does @other in @unit have all names that @atom has? "foo.cold" and the like are at places of
 * their own.
 */
static bool has_all_names(const struct unit *names, const struct atom *atom,
			  const struct unit *unit, const struct atom *other)
{
	const struct elf_symbol *symbol, *found;

	elf_for_each_symbol(names->elf, symbol) {
		if (symbol->section != atom->section->elf || symbol->type == STT_SECTION ||
		    symbol->value != atom->offset || name_is_of_padding(symbol->name))
			continue;
		found = elf_symbol_find(unit->elf, symbol->name);
		if (!found || found->section != other->section->elf ||
		    found->value != other->offset)
			return false;
	}
	return true;
}

/* The list may have two names of one atom. The first one has paired the two. */
static bool are_paired(const struct atom *from, const struct atom *to)
{
	return from && to && from->twin == to && to->twin == from;
}

int pair_moved(struct unit *patched, struct unit *from, const char *name, struct diag *diag)
{
	struct atom *original = find_alone(from, name), *atom = find_alone(patched, name);
	const char *why;

	if (are_paired(original, atom))
		return 0;
	why = why_not_paired(original, atom);
	if (!why && (original->twin || atom->twin))
		why = "one of its other names means something else";
	if (!why && (!has_all_names(from, original, patched, atom) ||
		     !has_all_names(patched, atom, from, original)))
		why = "it has an alias in one of the two files only";
	if (why)
		return refuse(patched, name, atom, why, diag);
	original->twin = atom;
	atom->twin = original;
	atom->moved_from = from;
	return 0;
}

/* Does the code refer to a variable of its own that it writes to, and that the author named? */
static bool is_own_variable(const struct reloc *reloc)
{
	const struct atom *to = reloc->to;

	return to && !to->twin && atom_is_state(to) && !to->starts_anew &&
	       to->symbol->bind == STB_LOCAL;
}

static const struct atom *own_variable(const struct atom *function)
{
	const struct reloc *reloc;

	for (; function; function = function->next_child)
		atom_for_each_reloc(function, reloc)
			if (is_own_variable(reloc))
				return reloc->to;
	return NULL;
}

/*
 * Refuse static variables that moved together with the function. kpatch-build names those with a
 * name of their own in the file; the rest are static locals, or were renamed.
 */
int refuse_moved_state(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			const struct atom *old, *new;
			struct diag_place place;

			if (!atom->moved_from || atom->kind != ATOM_FUNCTION || atom->parent)
				continue;
			old = own_variable(atom->twin);
			new = own_variable(atom);
			if (!old || !new)
				continue;
			place = atom_place(patched, atom);
			err = diag_error(diag, "KS360", &place, "'%s' of '%s'", atom_name(new),
					 atom_name(atom));
			diag_detail(diag, "the running kernel has '%s' in %s", atom_name(old),
				    atom->moved_from->source);
		}
	return err;
}

struct unit *unit_of_twin(const struct atom *atom, struct unit *original)
{
	return atom->moved_from ?: original;
}

bool same_moved(const struct reloc *original, const struct reloc *patched)
{
	const struct atom *defined = original->to ?: patched->to;
	const struct reloc *other = original->to ? patched : original;
	const struct elf_symbol *undefined = other->symbol;

	if (!original->to == !patched->to || !undefined || undefined->section || !defined->symbol)
		return false;
	/* it was moved away (kpatch-build checks what happens to it), or moved here */
	if (original->to ? !!defined->twin && !defined->twin->moved_from : !defined->moved_from)
		return false;
	return defined->symbol->bind != STB_LOCAL && undefined->shndx == SHN_UNDEF &&
	       !strcmp(defined->symbol->name, undefined->name) && original->at == patched->at;
}
