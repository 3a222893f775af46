// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes and frees the parts of the model that the passes share. See build.h. */
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/line-map.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/result.h"
#include "lib/text.h"

static bool unit_replaces(const struct unit *unit)
{
	const struct result_function *function;

	result_for_each(function, unit->result, functions)
		if (function_is_replaced(function))
			return true;
	return unit->result && unit->result->n_callbacks;
}

bool build_replaces(const struct reached *reached)
{
	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && unit_replaces(&reached->units[i]))
			return true;
	return false;
}

bool object_replaces(const struct reached *reached, const struct object *object)
{
	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name) &&
		    unit_replaces(&reached->units[i]))
			return true;
	return false;
}

bool object_has_changes(const struct reached *reached, const struct object *object)
{
	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name))
			return true;
	return false;
}

bool object_has_module(const struct reached *reached, const struct object *object)
{
	/*
	 * otherwise, new functions of a module are for that module alone: nothing could call them
	 */
	return object == reached->objects || object_replaces(reached, object);
}

struct object *build_find_object(const struct reached *reached, const char *name)
{
	for (size_t i = 0; i < reached->n_objects; i++)
		if (!strcmp(reached->objects[i].name, name))
			return &reached->objects[i];
	return NULL;
}

static char *object_of(const char *source)
{
	char *object = strdup(source);

	if (object)
		object[strlen(object) - 1] = 'o';
	return object;
}

/* kbuild names files outside of its own tree by their absolute path. */
static char *goal_of(const struct oot_module *oot, const char *source)
{
	char *object = object_of(source), *goal;

	if (!object || !oot->tree)
		return object;
	goal = path_join(oot->tree, object, NULL);
	free(object);
	return goal;
}

int build_add_unit(const struct job *job, const struct kernel *kernel, const struct oot_module *oot,
		   struct reached *reached, const struct unit_index_entry *entry)
{
	struct unit *units, *unit;

	units = realloc(reached->units, (reached->n_units + 1) * sizeof(*units));
	if (!units)
		return diag_oom(job->diag);
	reached->units = units;
	unit = &units[reached->n_units];
	memset(unit, 0, sizeof(*unit));
	unit->source = strdup(entry->source);
	unit->target = object_of(entry->source);
	unit->goal = goal_of(oot, entry->goal);
	unit->object = strdup(entry->object);
	unit->dir = format("%s/unit-%zu", job->work, reached->n_units);
	reached->n_units++;
	unit->cached = !unit->target ? NULL
		       : oot->units  ? path_join(oot->units, unit->target, NULL)
				     : path_join(kernel->dir, "units", unit->target, NULL);
	unit->patched = unit->dir ? path_join(unit->dir, "patched.o", NULL) : NULL;
	if (!unit->source || !unit->object || !unit->goal || !unit->cached || !unit->patched ||
	    make_dirs(unit->dir))
		return diag_oom(job->diag);
	return 0;
}

static void given_free(struct given *given)
{
	free(given->source);
	free(given->config);
	free(given->vmlinux);
	free(given->modules);
	free(given->symvers);
	free(given->build_tree);
}

static void kernel_free(struct kernel *kernel)
{
	free(kernel->release);
	free(kernel->suite);
	free(kernel->toolchain);
	free(kernel->cache);
	free(kernel->root);
	free(kernel->dir);
	free(kernel->config);
	free(kernel->symvers);
	free(kernel->vmlinux);
	free(kernel->modules);
	free(kernel->debug_modules);
	free(kernel->source);
	free(kernel->build);
	free(kernel->index);
	free(kernel->version);
	free(kernel->cc);
	free(kernel->cc_version);
	free(kernel->build_id);
	free(kernel->sign_hash);
	free(kernel->source_digest);
	given_free(&kernel->given);
}

static void unit_free(struct unit *unit)
{
	free(unit->source);
	free(unit->target);
	free(unit->goal);
	free(unit->object);
	free(unit->dir);
	free(unit->cached);
	free(unit->command);
	free(unit->original);
	free(unit->patched);
	free(unit->names);
	free(unit->changed);
	result_free(unit->result);
	json_decref(unit->uncompared);
}

static void object_free(struct object *object)
{
	free(object->name);
	free(object->file);
	free(object->symbols);
	free(object->build_id);
	free(object->module);
	free(object->units_o);
	free(object->ko);
	json_decref(object->relocations);
	json_decref(object->types);
}

static void called_function_free(struct called_function *called)
{
	free(called->name);
	free(called->object);
	free(called->file);
}

static void series_free(struct series *series)
{
	for (size_t i = 0; i < series->n_inputs; i++) {
		free(series->inputs[i].label);
		free(series->inputs[i].name);
		free(series->inputs[i].sha256);
	}
	for (size_t i = 0; i < series->n_diffs; i++) {
		free(series->diffs[i].path);
		free(series->diffs[i].text);
		free(series->diffs[i].subject);
		free(series->diffs[i].applied);
		free(series->diffs[i].lines);
	}
	for (size_t i = 0; i < series->n_changes; i++) {
		free(series->changes[i].path);
		free(series->changes[i].settings);
		free(series->changes[i].refused_line);
	}
	free(series->inputs);
	free(series->diffs);
	free(series->changes);
}

void build_free(struct build *build)
{
	series_free(&build->series);
	for (size_t i = 0; i < build->n_units; i++)
		unit_free(&build->units[i]);
	for (size_t i = 0; i < build->n_objects; i++)
		object_free(&build->objects[i]);
	for (size_t i = 0; i < build->n_called; i++)
		called_function_free(&build->called[i]);
	for (size_t i = 0; i < build->n_moved; i++)
		free(build->moved[i].name);
	free(build->moved);
	free(build->called);
	free(build->options.diffs);
	free(build->options.kernels);
	free(build->options.leave_out);
	free(build->units);
	free(build->objects);
	kernel_free(&build->kernel);
	free(build->data);
	free(build->tools);
	free(build->work);
	free(build->shadow);
	free(build->numbered);
	free(build->line_map_file);
	free(build->words_file);
	line_map_free(build->line_map);
	free(build->oot.module);
	free(build->oot.source);
	free(build->oot.built);
	free(build->oot.name);
	free(build->oot.tree);
	free(build->oot.units);
	free(build->oot.index);
	free(build->core_symvers);
	free(build->core_ko);
	free(build->name);
	free(build->output);
	json_decref(build->signature);
	json_decref(build->manifest);
	free(build->package);
	free(build->report);
}

bool has_moved_to(const struct reached *reached, const struct unit *unit, const char *name)
{
	for (size_t i = 0; i < reached->n_moved; i++)
		if (&reached->units[reached->moved[i].to] == unit &&
		    !strcmp(reached->moved[i].name, name))
			return true;
	return false;
}

void build_forget_results(const struct reached *reached)
{
	for (size_t i = 0; i < reached->n_units; i++) {
		struct unit *unit = &reached->units[i];

		result_free(unit->result);
		unit->result = NULL;
		free(unit->changed);
		unit->changed = NULL;
	}
}
