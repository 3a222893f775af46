// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff moves a static variable from one file to another. Each unit looks
 * right by itself: one has lost a variable that nothing uses any more, the
 * other one has a new one. Together they forget the value in the running
 * kernel.
 *
 * So each writable variable that a unit loses is compared with all those that
 * others gain: one of the same name, or of the same type in the same object, is
 * refused, unless the author says that it starts anew.
 *
 * A global variable that has got a new name in its file is no lost one. But if
 * its old name is now that of a variable in another file, the running kernel's
 * variable would be both of them.
 */
#include <errno.h>
#include <string.h>

#include "kpatch-build/build.h"

/* "count" for "count.5": its name in the source. */
static bool same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, ".");

	return length == strcspn(b, ".") && !strncmp(a, b, length);
}

static bool same_type(const struct result_variable *lost, const struct result_variable *new)
{
	return lost->type && new->type && !strcmp(lost->type, new->type) && lost->size == new->size;
}

static bool could_be_one(const struct unit *from, const struct result_variable *lost,
			 const struct unit *to, const struct result_variable *new)
{
	return same_name(lost->name, new->name) ||
	       (!strcmp(from->object, to->object) && same_type(lost, new));
}

static int refuse(const struct unit *from, const struct result_variable *lost,
		  const struct result_variable *new, struct diag *diag)
{
	diag_error(diag, "KS172", &new->place, "'%s'", new->name);
	diag_detail(diag, "may be '%s' of %s (line %u), which that file no longer has", lost->name,
		    from->source, lost->place.line);
	return -EINVAL;
}

/* Is @new, of @to, the variable that another unit has lost? One refusal for it is enough. */
static int find_lost(const struct reached *reached, const struct unit *to,
		     const struct result_variable *new, struct diag *diag)
{
	const struct result_variable *lost;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *from = &reached->units[i];

		if (from == to)
			continue;
		result_for_each(lost, from->result, variables)
			if (lost->status == RESULT_REMOVED && could_be_one(from, lost, to, new))
				return refuse(from, lost, new, diag);
	}
	return 0;
}

static const struct moved *find_moved(const struct build *build, size_t from, const char *name)
{
	for (size_t i = 0; i < build->n_moved; i++)
		if (build->moved[i].from == from && !strcmp(build->moved[i].name, name))
			return &build->moved[i];
	return NULL;
}

/* Refuse a variable that is in two places: under a new name here, under the old one elsewhere. */
static int check_new_names(struct build *build, size_t n)
{
	const struct unit *unit = &build->units[n];
	const struct result_reference *reference;
	const struct moved *moved;
	int err = 0;

	result_for_each(reference, unit->result, references) {
		struct diag_place place = { .file = unit->source };

		if (!strcmp(reference->symbol, reference->name))
			continue;
		moved = find_moved(build, n, reference->name);
		if (!moved)
			continue;
		err = diag_error(build->diag, "KS183", &place, "'%s' is '%s' now", reference->name,
				 reference->symbol);
		diag_detail(build->diag, "'%s' is in %s", reference->name,
			    build->units[moved->to].source);
	}
	return err;
}

int check_moved_state(struct build *build)
{
	const struct result_variable *new;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		one = check_new_names(build, i);
		err = err ?: one;
		result_for_each(new, build->units[i].result, variables) {
			one = new->status == RESULT_NEW
				      ? find_lost(&build->reached, &build->units[i], new,
						  build->diag)
				      : 0;
			err = err ?: one;
		}
	}
	return err;
}
