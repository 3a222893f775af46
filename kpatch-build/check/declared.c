// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch has one callback of each kind per object, and one list of states.
 * Units know nothing of one another: what each declares (klp-split-author.h)
 * is put together here, and refused if two of them want different things.
 */
#include <string.h>

#include "kpatch-build/check/declared.h"
#include "lib/klp-format.h"

/* A row's members are those of create-diff-object(1). */
static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static struct diag_place place_of(const json_t *row)
{
	return (struct diag_place){
		.file = json_string_value(json_object_get(row, "file")),
		.line = json_integer_value(json_object_get(row, "line")),
		.function = json_string_value(json_object_get(row, "name")),
	};
}

static void tell_other(struct build *build, const json_t *row)
{
	struct diag_place place = place_of(row);

	diag_detail(build->diag, "the other is %s%s%s:%u", place.function ?: "",
		    place.function ? ", " : "", place.file ?: "?", place.line);
}

static const json_t *find_row(const json_t *array, const char *key, const char *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(array, i, row)
		if (!strcmp(text_of(row, key), value))
			return row;
	return NULL;
}

json_t *object_callbacks(const struct build *build, const struct object *object)
{
	json_t *all = json_array();

	for (size_t i = 0; i < build->n_units; i++)
		if (build->units[i].result && !strcmp(build->units[i].object, object->name))
			json_array_extend(all, json_object_get(build->units[i].result, "callbacks"));
	return all;
}

/* Each once, in the order of the units: several of them may speak of the same state. */
json_t *build_states(const struct build *build)
{
	json_t *all = json_array(), *row;
	size_t s;

	for (size_t i = 0; i < build->n_units; i++)
		json_array_foreach(json_object_get(build->units[i].result, "states"), s, row)
			if (!find_row(all, "id", text_of(row, "id")))
				json_array_append(all, row);
	return all;
}

static int check_callbacks(struct build *build, const struct object *object)
{
	json_t *all = object_callbacks(build, object), *seen = json_array(), *row;
	int err = 0;
	size_t i;

	json_array_foreach(all, i, row) {
		const json_t *other = find_row(seen, "kind", text_of(row, "kind"));
		struct diag_place place = place_of(row);

		if (!other) {
			json_array_append(seen, row);
			continue;
		}
		err = diag_error(build->diag, "KS151", &place, "'%s' is not the only %s callback for %s",
				 text_of(row, "name"), text_of(row, "kind"), object->name);
		tell_other(build, other);
	}
	json_decref(seen);
	json_decref(all);
	return err;
}

static int check_states(struct build *build)
{
	json_t *all = build_states(build), *row;
	int err = 0;
	size_t s;

	for (size_t i = 0; i < build->n_units; i++) {
		json_array_foreach(json_object_get(build->units[i].result, "states"), s, row) {
			const json_t *first = find_row(all, "id", text_of(row, "id"));
			struct diag_place place = place_of(row);

			if (json_equal(json_object_get(first, "version"), json_object_get(row, "version")))
				continue;
			err = diag_error(build->diag, "KS370", &place, "state %s, version %lld and %lld",
					 text_of(row, "id"),
					 json_integer_value(json_object_get(first, "version")),
					 json_integer_value(json_object_get(row, "version")));
			tell_other(build, first);
		}
	}
	json_decref(all);
	return err;
}

int check_declared(struct build *build)
{
	int err = check_states(build), one;

	for (size_t i = 0; i < build->n_objects; i++) {
		one = check_callbacks(build, &build->objects[i]);
		err = err ?: one;
	}
	return err;
}

void print_callback_declarations(FILE *out, const struct build *build, const struct object *object)
{
	json_t *all = object_callbacks(build, object), *row;
	size_t i;

	json_array_foreach(all, i, row)
		fprintf(out, "%s " KLP_CALLBACK_PREFIX "%s(struct klp_object *obj);\n",
			strcmp(text_of(row, "kind"), "pre_patch") ? "void" : "int",
			text_of(row, "kind"));
	json_decref(all);
}

void print_callback_members(FILE *out, const struct build *build, const struct object *object)
{
	json_t *all = object_callbacks(build, object), *row;
	const char *separator = "";
	size_t i;

	json_array_foreach(all, i, row) {
		fprintf(out, "%s.%s = " KLP_CALLBACK_PREFIX "%s", separator, text_of(row, "kind"),
			text_of(row, "kind"));
		separator = ", ";
	}
	json_decref(all);
}

bool object_has_callbacks(const struct build *build, const struct object *object)
{
	json_t *all = object_callbacks(build, object);
	bool any = json_array_size(all);

	json_decref(all);
	return any;
}

void print_states(FILE *out, const struct build *build)
{
	json_t *all = build_states(build), *row;
	size_t i;

	if (json_array_size(all)) {
		fputs("#define KLP_SPLIT_STATES klp_split_states\n"
		      "static struct klp_state klp_split_states[] = {\n", out);
		json_array_foreach(all, i, row)
			fprintf(out, "\t{ .id = %s, .version = %lld },\n", text_of(row, "id"),
				json_integer_value(json_object_get(row, "version")));
		fputs("\t{ }\n};\n", out);
	}
	json_decref(all);
}
