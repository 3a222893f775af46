// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff of three lines in a static inline may replace a dozen functions that
 * its author doesn't know. create-diff-object lists everything that is inlined
 * into the replaced functions, some hundred functions. Only those that the
 * diffs change are of interest.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/output/details.h"
#include "lib/files.h"
#include "kpatch-build/source/source-files.h"
#include "lib/text.h"

static bool is_changed_file(const struct series *series, const char *path)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (!strcmp(series->changes[i].path, path))
			return true;
	return false;
}

static bool is_touched(const struct series *series, struct trees *trees, const json_t *row)
{
	const char *path = json_string_value(json_object_get(row, "file"));
	unsigned int line = json_integer_value(json_object_get(row, "line"));
	const struct source_file *file;

	if (!path || !line || !is_changed_file(series, path))
		return false;
	file = source_file_get(series, trees, path);
	return file && source_is_touched(file, line, source_function_end(file, line));
}

/* The row of @array for the same function: a function of a header is in many units. */
static json_t *same_function(const json_t *array, const json_t *row)
{
	static const char *const keys[] = { "name", "file", "line" };
	json_t *have;
	size_t i, same;

	json_array_foreach(array, i, have) {
		for (same = 0; same < ARRAY_SIZE(keys); same++)
			if (!json_equal(json_object_get(have, keys[same]),
					json_object_get(row, keys[same])))
				break;
		if (same == ARRAY_SIZE(keys))
			return have;
	}
	return NULL;
}

static bool has_string(const json_t *array, const json_t *string)
{
	const json_t *one;
	size_t i;

	json_array_foreach(array, i, one)
		if (json_equal(one, string))
			return true;
	return false;
}

static void add_inlined(json_t *array, json_t *row)
{
	json_t *have = same_function(array, row), *into, *function;
	size_t i;

	if (!have) {
		have = json_pack("{s:O, s:O, s:O, s:[]}", "name", json_object_get(row, "name"),
				 "file", json_object_get(row, "file"), "line",
				 json_object_get(row, "line"), "into");
		json_array_append_new(array, have);
	}
	into = json_object_get(have, "into");
	json_array_foreach(json_object_get(row, "into"), i, function)
		if (!has_string(into, function) &&
		    !json_equal(function, json_object_get(row, "name")))
			json_array_append(into, function);
	if (!json_array_size(into)) /* inlined only into itself */
		json_array_remove(array, json_array_size(array) - 1);
}

json_t *inlined_of_object(const struct series *series, struct trees *trees,
			  const struct reached *reached, const struct object *object)
{
	json_t *array = json_array(), *row;
	size_t r;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		json_array_foreach(json_object_get(unit->result->json, "inlined"), r, row)
			if (is_touched(series, trees, row))
				add_inlined(array, row);
	}
	return array;
}

/* Add each variable of the kernel that the new code uses in place, once. */
static void add_used(json_t *array, json_t *seen, const struct unit *unit)
{
	const struct result_reference *used;

	result_for_each(used, unit->result, references) {
		char *key;

		if (!used->variable)
			continue;
		key = format("%s %u", used->name, used->sympos);
		if (key && !json_object_get(seen, key)) {
			json_object_set_new(seen, key, json_true());
			json_array_append_new(array, json_pack("{s:s, s:s, s:I, s:s}", "name",
							       used->name, "status", "used", "size",
							       (json_int_t)used->size, "object",
							       used->object));
		}
		free(key);
	}
}

json_t *types_of_object(const struct object *object)
{
	json_t *changed = json_array(), *row;
	const char *name;

	json_object_foreach(object->types, name, row)
		if (!json_is_null(row))
			json_array_append(changed, row);
	return json_pack("{s:I, s:o}", "compared", (json_int_t)json_object_size(object->types),
			 "changed", changed);
}

json_t *data_of_object(const struct reached *reached, const struct object *object)
{
	json_t *array = json_array(), *seen = json_object(), *copy;
	const struct result_data *variable;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		result_for_each(variable, unit->result, data) {
			copy = json_deep_copy(variable->row);
			json_object_set_new(copy, "unit", json_string(unit->source));
			json_array_append_new(array, copy);
		}
	}
	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name))
			add_used(array, seen, &reached->units[i]);
	json_decref(seen);
	return array;
}
