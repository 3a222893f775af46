// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "Initialised data changed" is half an answer: the author of a patch has to
 * know which functions use the variable, all of them, not only the first one.
 */
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* After these, the list only says that there are more. */
#define MAX_TOLD 8

static bool was_told(struct atom *const *told, size_t n, const struct atom *user)
{
	while (n--)
		if (told[n] == user)
			return true;
	return false;
}

static void tell(struct unit *unit, const struct atom *user, struct diag *diag)
{
	struct diag_place place = atom_place(unit, user);

	if (place.line)
		diag_detail(diag, "used by %s (%s:%u)", atom_name(user), place.file, place.line);
	else
		diag_detail(diag, "used by %s", atom_name(user));
}

/*
 * The atom that has the reference: a function, also for its entries and .cold part, or a variable.
 */
static struct atom *user_of(struct atom *from, const struct atom *atom)
{
	const struct reloc *reloc;

	if (from->section->rule->kind == SECTION_BUILD || atom_group(from) == atom)
		return NULL;
	atom_for_each_reloc(from, reloc)
		if (reloc->to == atom)
			return atom_group(from);
	return NULL;
}

struct atom *first_user(struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, from)
			if (user_of(from, atom))
				return user_of(from, atom);
	return NULL;
}

void tell_users(struct unit *unit, const struct atom *atom, bool (*counts)(const struct atom *user),
		struct diag *diag)
{
	struct atom *told[MAX_TOLD], *from, *user;
	struct unit_section *s;
	size_t n = 0;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, from) {
			user = user_of(from, atom);
			if (!user || (counts && !counts(user)) || was_told(told, n, user))
				continue;
			if (n == MAX_TOLD) {
				diag_detail(diag, "and by others");
				return;
			}
			told[n++] = user;
			tell(unit, user, diag);
		}
	}
}
