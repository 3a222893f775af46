// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each pair of units is compared separately: a function that moves to another
 * file is "removed" in one and "new" in the other, while the running kernel has
 * it once, and calls it from everywhere. A strong definition in addition to a
 * weak one elsewhere, a function renamed in its own file only, a function that
 * became static: the linker would decide or refuse, but a livepatch isn't
 * linked with the kernel.
 *
 * So the names of all units are compared, before and after the diffs, as the
 * linker does. Names that moved within one object are paired by
 * create-diff-object (--moved), and redirected from their old place. A name
 * that is lost must have no user left, and a name that is new must not exist
 * already. Everything else is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/check/globals.h"
#include "lib/object-index.h"
#include "kpatch-build/check/lost-users.h"
#include "kpatch-build/check/global-names.h"
#include "kpatch-build/check/other-definitions.h"

struct ledger {
	const struct job *job;
	const struct kernel *kernel;
	struct reached *reached;
	const struct trees *trees;
	struct globals globals;
	struct object_index **indexes; /* indexed like build->objects; NULL: not needed yet */
};

/* What the running object has under a name, apart from statics. */
enum running { RUNS_NONE, RUNS_WEAK, RUNS_STRONG };

static int running_of(struct ledger *ledger, const struct global *row, enum running *running)
{
	const struct object *object =
		build_find_object(ledger->reached, ledger->reached->units[row->unit].object);
	struct object_index **index = &ledger->indexes[object - ledger->reached->objects];
	const struct object_symbol *symbols;
	size_t n;
	int err = 0;

	if (!*index)
		err = object_index_load(object->file, object->name, index, ledger->job->diag);
	if (err)
		return err;
	*running = RUNS_NONE;
	symbols = object_index_find(*index, row->name, &n);
	for (size_t i = 0; i < n; i++)
		if (symbols[i].bind == STB_GLOBAL)
			*running = RUNS_STRONG;
		else if (symbols[i].bind == STB_WEAK && *running == RUNS_NONE)
			*running = RUNS_WEAK;
	return 0;
}

static int report(struct ledger *ledger, const struct global *row, const char *code,
		  const char *why, const char *with)
{
	const struct unit *unit = &ledger->reached->units[row->unit];
	struct diag_place place = { .file = unit->source, .function = row->name };

	diag_error(ledger->job->diag, code, &place, "'%s' of %s", row->name, unit->source);
	if (with)
		diag_detail(ledger->job->diag, "%s %s", why, with);
	else
		diag_detail(ledger->job->diag, "%s", why);
	return -EINVAL;
}

static bool is_gone(const struct global *row)
{
	return row->was.defined && !row->is.defined;
}

static bool is_gained(const struct global *row)
{
	return row->is.defined && !row->was.defined;
}

static const char *object_of(const struct ledger *ledger, const struct global *row)
{
	return ledger->reached->units[row->unit].object;
}

/* The rows of one name. */
struct group {
	struct global *first;
	size_t n;
};

/* The only row of @group in @object for which @is is true; *@n: how many there are. */
static struct global *find_row(struct ledger *ledger, const struct group *group, const char *object,
			       bool (*is)(const struct global *row), size_t *n)
{
	struct global *found = NULL;

	*n = 0;
	for (size_t i = 0; i < group->n; i++) {
		struct global *row = &group->first[i];

		if (!is(row) || strcmp(object_of(ledger, row), object))
			continue;
		found = row;
		++*n;
	}
	return *n == 1 ? found : NULL;
}

static int remember_moved(struct ledger *ledger, const struct global *from, const struct global *to)
{
	struct reached *reached = ledger->reached;
	struct moved *moved = reallocarray(reached->moved, reached->n_moved + 1, sizeof(*moved));

	if (!moved)
		return diag_oom(ledger->job->diag);
	reached->moved = moved;
	moved[reached->n_moved] = (struct moved){ strdup(from->name), from->unit, to->unit };
	return moved[reached->n_moved++].name ? 0 : diag_oom(ledger->job->diag);
}

/* Constants of one name in two files may be different constants; no other unit refers to them. */
static bool is_worth_pairing(const struct global *from, const struct global *to)
{
	if (side_is_public(&from->was) || side_is_public(&to->is))
		return true;
	if (from->was.type != to->is.type)
		return false;
	return from->was.type == STT_FUNC || (from->was.writable && to->is.writable);
}

/*
 * If the running object has a strong one of that name, and this one is weak, it is another unit's.
 */
static int is_overridden(struct ledger *ledger, const struct global *row, bool *overridden)
{
	enum running running;
	int err = running_of(ledger, row, &running);

	*overridden = !err && row->was.weak && side_is_public(&row->was) && running == RUNS_STRONG;
	return err;
}

/*
 * Has a function become static in several files, for example because a header defines it? Then each
 * of its users has a copy. Nothing has moved; users without a copy are found like those of any lost
 * function.
 */
static bool is_copied(struct ledger *ledger, const struct group *group, const struct global *from)
{
	for (size_t i = 0; i < group->n; i++) {
		const struct global *to = &group->first[i];

		if (is_gained(to) && !strcmp(object_of(ledger, to), object_of(ledger, from)) &&
		    (side_is_public(&to->is) || to->is.type != STT_FUNC))
			return false;
	}
	return from->was.type == STT_FUNC;
}

/*
 * Pair a name that is gone from one unit with one that is new in another unit of the same object.
 */
static int pair_gone(struct ledger *ledger, const struct group *group, const struct global *from)
{
	size_t n_gone, n_come;
	const struct global *to;
	bool overridden;
	int err = is_overridden(ledger, from, &overridden);

	find_row(ledger, group, object_of(ledger, from), is_gone, &n_gone);
	to = find_row(ledger, group, object_of(ledger, from), is_gained, &n_come);
	if (err || overridden || !n_come)
		return err;
	if (to && n_gone == 1 && !from->was.several && !to->is.several)
		return is_worth_pairing(from, to) ? remember_moved(ledger, from, to) : 0;
	if (n_gone == 1 && is_copied(ledger, group, from))
		return 0;
	if (side_is_public(&from->was) || from->was.writable)
		return report(ledger, from, "KS359",
			      "several files lose it, or several files gain it", NULL);
	return 0;
}

/* State doesn't move from one object to another. */
static int check_other_objects(struct ledger *ledger, const struct group *group,
			       const struct global *from)
{
	if (!from->was.writable)
		return 0;
	for (size_t i = 0; i < group->n; i++) {
		const struct global *to = &group->first[i];

		if (is_gained(to) && to->is.writable &&
		    strcmp(object_of(ledger, to), object_of(ledger, from)))
			return report(ledger, to, "KS360", "the running kernel has it in",
				      ledger->reached->units[from->unit].source);
	}
	return 0;
}

static struct global *row_of(const struct group *group, size_t unit)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->first[i].unit == unit)
			return &group->first[i];
	return NULL;
}

/* Where @row has moved to; NULL: it hasn't. */
static const struct global *moved_to(const struct ledger *ledger, const struct group *group,
				     const struct global *row)
{
	struct reached *reached = ledger->reached;

	for (size_t i = 0; i < reached->n_moved; i++)
		if (!strcmp(reached->moved[i].name, row->name) &&
		    reached->moved[i].from == row->unit)
			return row_of(group, reached->moved[i].to);
	return NULL;
}

/* Where @row has moved from; NULL: it is new. */
static const struct global *moved_from(const struct ledger *ledger, const struct group *group,
				       const struct global *row)
{
	struct reached *reached = ledger->reached;

	for (size_t i = 0; i < reached->n_moved; i++)
		if (!strcmp(reached->moved[i].name, row->name) && reached->moved[i].to == row->unit)
			return row_of(group, reached->moved[i].from);
	return NULL;
}

static bool was_public(const struct global *row)
{
	return side_is_public(&row->was);
}

/*
 * Nothing in this kernel uses the export that is gone. The code in memory stays there, and works as
 * before: a module from elsewhere that was built for this kernel can go on using it, even if it is
 * loaded later.
 */
static void warn_of_export(struct ledger *ledger, const struct global *row)
{
	const struct unit *unit = &ledger->reached->units[row->unit];
	struct diag_place place = { .file = unit->source, .function = row->name };

	diag_warning(ledger->job->diag, "KS392", &place, "'%s' of %s", row->name, unit->source);
}

/* A name that other units could refer to before, but can't now. */
static int check_lost(struct ledger *ledger, const struct group *group, const struct global *row)
{
	const struct global *to = moved_to(ledger, group, row);
	enum running running;
	char *user = NULL;
	int err;

	if (!was_public(row) || side_is_public(&row->is) || (to && side_is_public(&to->is)))
		return 0;
	err = running_of(ledger, row, &running);
	/* the linker had dropped it: nothing that runs calls it */
	if (err || running == RUNS_NONE || (row->was.weak && running == RUNS_STRONG))
		return err;
	err = find_lost_user(ledger->kernel, ledger->reached, &ledger->globals, row, &user,
			     ledger->job->diag);
	if (!err && user)
		err = report(ledger, row,
			     ledger->reached->units[row->unit].removed ? "KS144" : "KS357", user,
			     NULL);
	else if (!err && row->was.exported && !row->is.exported)
		warn_of_export(ledger, row);
	free(user);
	return err;
}

/*
 * The linker prefers a definition in the object to an export of another one, and any definition to
 * none if a reference is weak.
 */
static int check_imported(struct ledger *ledger, const struct global *row)
{
	const struct object *object = build_find_object(ledger->reached, object_of(ledger, row));
	bool refers = false;
	int err;

	err = binary_refers_to(object->symbols, row->name, &refers, ledger->job->diag);
	if (err || !refers)
		return err;
	return report(ledger, row, "KS362", "another file uses a name of that kind in",
		      object->name);
}

/* A name that other units can refer to now, but couldn't before. */
static int check_gained(struct ledger *ledger, const struct group *group, const struct global *row)
{
	const struct global *from = moved_from(ledger, group, row);
	enum running running;
	int err;

	if (!side_is_public(&row->is) || was_public(row) || (from && was_public(from)))
		return 0;
	err = running_of(ledger, row, &running);
	if (!err && running == RUNS_NONE)
		return check_imported(ledger, row);
	if (err)
		return err;
	if (running == RUNS_WEAK)
		return report(ledger, row, "KS358",
			      "the running object has a weak one of that name from another file",
			      NULL);
	/* the linker would drop it, and so does create-diff-object */
	if (row->is.weak)
		return 0;
	return report(ledger, row, "KS339", "the running object has one from another file", NULL);
}

/*
 * Only the export is gone. The running kernel has read its exports at boot: modules can use this
 * one until the next boot, which the author may have wanted to end.
 */
static int check_export(struct ledger *ledger, const struct group *group, const struct global *row)
{
	const struct unit *unit = &ledger->reached->units[row->unit];
	struct diag_place place = { .file = unit->source, .function = row->name };
	char *user = NULL;
	int err;

	if (!was_public(row) || !row->was.exported || row->is.exported ||
	    !side_is_public(&row->is) || moved_to(ledger, group, row))
		return 0;
	err = find_module_user(ledger->kernel, ledger->reached, row->name, &user,
			       ledger->job->diag);
	if (err)
		return err;
	diag_warning(ledger->job->diag, "KS164", &place, "the export of '%s' is gone", row->name);
	if (user)
		diag_detail(ledger->job->diag, "%s", user);
	free(user);
	return 0;
}

/* The same definition has another binding. */
static int check_binding(struct ledger *ledger, const struct global *row)
{
	enum running running;
	char *other = NULL;
	int err;

	if (!was_public(row) || !side_is_public(&row->is) || row->was.weak == row->is.weak)
		return 0;
	err = running_of(ledger, row, &running);
	if (!err && row->was.weak && running == RUNS_STRONG)
		return report(ledger, row, "KS358",
			      "the running object has a strong one of that name from another file",
			      NULL);
	if (!err)
		err = find_other_definition(ledger->kernel, ledger->trees, ledger->reached,
					    ledger->job->diag, row, &other);
	if (!err && other)
		err = report(ledger, row, "KS358", "the linker may take that of", other);
	free(other);
	return err;
}

static int pair_group(struct ledger *ledger, const struct group *group)
{
	int err = 0, one;

	for (size_t i = 0; i < group->n; i++) {
		struct global *row = &group->first[i];

		if (!is_gone(row))
			continue;
		one = pair_gone(ledger, group, row);
		one = one ?: check_other_objects(ledger, group, row);
		err = err ?: one;
	}
	return err;
}

static int check_group(struct ledger *ledger, const struct group *group)
{
	int err = pair_group(ledger, group), one;

	for (size_t i = 0; i < group->n && !err; i++) {
		const struct global *row = &group->first[i];

		one = check_lost(ledger, group, row);
		one = one ?: check_gained(ledger, group, row);
		one = one ?: check_export(ledger, group, row);
		one = one ?: check_binding(ledger, row);
		err = err ?: one;
	}
	return err;
}

int check_globals(struct build *build)
{
	struct ledger ledger = { .job = &build->job,
				 .kernel = &build->kernel,
				 .reached = &build->reached,
				 .trees = &build->trees };
	struct group group;
	int err = 0, one;

	ledger.indexes = calloc(build->n_objects, sizeof(*ledger.indexes));
	if (!ledger.indexes)
		return diag_oom(build->diag);
	err = globals_collect(&build->reached, &ledger.globals, build->diag);
	for (size_t i = 0; i < ledger.globals.n && err != -ENOMEM; i += group.n) {
		group = (struct group){ &ledger.globals.list[i], 1 };
		while (i + group.n < ledger.globals.n &&
		       !strcmp(group.first[group.n].name, group.first->name))
			group.n++;
		one = check_group(&ledger, &group);
		err = err ?: one;
	}
	globals_free(&ledger.globals);
	for (size_t i = 0; i < build->n_objects; i++)
		object_index_free(ledger.indexes[i]);
	free(ledger.indexes);
	return err;
}
