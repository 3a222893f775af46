// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some code is compiled without calls of ftrace, for one all of lib/. Such a
 * function can't be redirected to a new one. But its callers can be replaced,
 * and call the new one: create-diff-object does that if all callers are in the
 * unit itself (create-diff-object/callers.c). This pass adds the units of the
 * other callers, so that the same is done there.
 *
 * That is right if no caller is left: none in the shipped binary
 * (find_uncompiled_user()), and none in a module from elsewhere, so an exported
 * function stays refused. create-diff-object finds uses of the address other
 * than calls, as the unit of each user is compared.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/object-index.h"
#include "lib/symvers.h"
#include "lib/text.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/check/symbol-users.h"
#include "kpatch-build/units/map.h"

#define CANT_REDIRECT "KS102"

/* Data that is read once for all functions of a round. */
struct search {
	const struct job *job;
	const struct kernel *kernel;
	const struct oot_module *oot;
	struct reached *reached;
	const struct trees *trees;
	struct unit_index index;
	struct symvers *symvers;
	bool added;
};

static bool is_known(const struct reached *reached, const char *object, const char *name)
{
	for (size_t i = 0; i < reached->n_called; i++)
		if (!strcmp(reached->called[i].name, name) &&
		    !strcmp(reached->called[i].object, object))
			return true;
	return false;
}

/* Is it a global function with a unique name, which other units of the object can call? */
static int is_global(const struct object *object, const char *name, bool *is, struct diag *diag)
{
	const struct object_symbol *found;
	struct object_index *index;
	size_t n;
	int err = object_index_load(object->symbols, object->name, &index, diag);

	if (err)
		return err;
	found = object_index_find(index, name, &n);
	*is = n == 1 && found->bind == STB_GLOBAL;
	object_index_free(index);
	return 0;
}

/*
 * Add all units of @object whose source names @name. These may be more than those that call it, or
 * fewer, if there are too many (--max-units) or a header contains the call: then check_called()
 * refuses.
 */
static int add_units(struct search *search, const char *object, const char *name)
{
	int err = 0;

	for (size_t i = 0; i < search->index.n_units && !err; i++) {
		const struct unit_index_entry *entry = &search->index.units[i];
		char *path, *text = NULL;
		size_t size;

		if (search->reached->n_units > search->job->options.max_units)
			break;
		if (strcmp(entry->object, object) || unit_is_assembly(entry->source))
			continue;
		path = path_join(search->trees->shadow, entry->source, NULL);
		err = path ? read_file_if_there(path, &text, &size) : -ENOMEM;
		if (err) {
			diag_errno(search->job->diag, -err, path ?: entry->source, "read");
		} else if (text && text_has_word(text, name)) {
			err = map_unit(search->job, search->kernel, search->oot, search->reached,
				       entry);
			if (!err)
				build_find_unit(search->reached, entry)->calls = true;
		}
		free(text);
		free(path);
	}
	return err;
}

static int remember(struct reached *reached, const struct unit *unit,
		    const struct result_problem *problem, struct diag *diag)
{
	struct called_function *called =
		reallocarray(reached->called, reached->n_called + 1, sizeof(*called));

	if (!called)
		return diag_oom(diag);
	reached->called = called;
	called += reached->n_called++;
	*called = (struct called_function){
		.name = strdup(problem->place.function),
		.object = strdup(unit->object),
		.file = strdup(problem->place.file),
		.line = problem->place.line,
	};
	return called->name && called->object && called->file ? 0 : diag_oom(diag);
}

/* Can the callers of this function, which can't be redirected, be replaced? */
static int take_function(struct search *search, size_t unit, const struct result_problem *problem)
{
	struct reached *reached = search->reached;
	const char *name = problem->place.function;
	const char *object = reached->units[unit].object;
	bool global = false;
	int err;

	if (!name || is_known(reached, object, name) || symvers_owner(search->symvers, name))
		return 0;
	err = is_global(build_find_object(reached, object), name, &global, search->job->diag);
	if (err || !global)
		return err;
	err = remember(reached, &reached->units[unit], problem, search->job->diag);
	err = err ?: add_units(search, reached->called[reached->n_called - 1].object, name);
	search->added = true;
	return err;
}

static int search_units(struct search *search)
{
	struct reached *reached = search->reached;
	const struct result_problem *problem;
	size_t n = reached->n_units;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		/* adding units may move reached->units, but not what they point to */
		const struct result *result = reached->units[i].result;

		result_for_each(problem, result, diagnostics)
			if (!err && !strcmp(problem->code, CANT_REDIRECT))
				err = take_function(search, i, problem);
	}
	return err;
}

static bool is_all_that_is_wrong(const struct diag *diag)
{
	return diag_errors(diag) && diag_errors(diag) == diag_count(diag, CANT_REDIRECT);
}

int add_callers(struct build *build, bool *added)
{
	struct search search = { .job = &build->job,
				 .kernel = &build->kernel,
				 .oot = &build->oot,
				 .reached = &build->reached,
				 .trees = &build->trees };
	int err;

	*added = false;
	if (!is_all_that_is_wrong(build->diag) || build->oot.index)
		return 0;
	err = unit_index_load(build->kernel.index, build->kernel.build_id, &search.index,
			      build->diag);
	err = err ?: symvers_load(build->kernel.symvers, &search.symvers, build->diag);
	err = err ?: search_units(&search);
	*added = search.added;
	symvers_free(search.symvers);
	unit_index_free(&search.index);
	return err;
}

int check_called(struct build *build)
{
	int err = 0, one;

	for (size_t i = 0; i < build->n_called; i++) {
		const struct called_function *called = &build->called[i];
		struct diag_place place = { called->file, called->line, called->name };
		char *user;

		one = find_uncompiled_user(&build->reached,
					   build_find_object(&build->reached, called->object),
					   called->name, &user, build->diag);
		if (!one && user) {
			one = diag_error(build->diag, CANT_REDIRECT, &place, "'%s'", called->name);
			diag_detail(build->diag, "%s", user);
		}
		free(user);
		err = err ?: one;
	}
	return err;
}
