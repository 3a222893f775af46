// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turns create-diff-object's JSON into structures: see result.h.
 *
 * Each list has one function that reads a row. A row reports errors through
 * struct row, so no reader has an error path of its own.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/result.h"

static const char *const statuses[] = {
	[RESULT_NEW] = "new",
	[RESULT_CHANGED] = "changed",
	[RESULT_REMOVED] = "removed",
};

/* The row that is being read, and its first wrong member. */
struct row {
	json_t *json;
	const char *source; /* of the unit */
	const char *wrong;
};

/* NULL if the member is null or missing. */
static const char *optional(struct row *row, const char *key)
{
	const json_t *value = json_object_get(row->json, key);

	if (value && !json_is_string(value) && !json_is_null(value))
		row->wrong = row->wrong ?: key;
	return json_string_value(value);
}

static const char *string(struct row *row, const char *key)
{
	const char *value = optional(row, key);

	if (!value)
		row->wrong = row->wrong ?: key;
	return value ?: "";
}

/* 0 if the member is missing. */
static json_int_t number(struct row *row, const char *key, json_int_t max)
{
	const json_t *value = json_object_get(row->json, key);
	json_int_t n = json_integer_value(value);

	if ((value && !json_is_integer(value)) || n < 0 || n > max)
		row->wrong = row->wrong ?: key;
	return n;
}

static bool flag(struct row *row, const char *key)
{
	const json_t *value = json_object_get(row->json, key);

	if (value && !json_is_boolean(value))
		row->wrong = row->wrong ?: key;
	return json_is_true(value);
}

static enum result_status status(struct row *row)
{
	const char *text = string(row, "status");

	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (!strcmp(text, statuses[i]))
			return i;
	row->wrong = row->wrong ?: "status";
	return RESULT_CHANGED;
}

static struct diag_place place(struct row *row, const char *function)
{
	return (struct diag_place){
		.file = optional(row, "file") ?: row->source,
		.line = number(row, "line", UINT32_MAX),
		.function = function,
	};
}

static void read_function(struct row *row, void *item)
{
	const char *name = string(row, "name");

	*(struct result_function *)item = (struct result_function){
		.name = name,
		.place = place(row, name),
		.status = status(row),
		.sympos = number(row, "sympos", INT32_MAX),
		.leads_to = optional(row, "leads_to"),
		.was = optional(row, "was"),
		.is = optional(row, "is"),
		.is_exit = flag(row, "exit"),
		.row = row->json,
	};
}

static void read_data(struct row *row, void *item)
{
	*(struct result_data *)item = (struct result_data){ string(row, "name"), row->json };
}

static void read_reference(struct row *row, void *item)
{
	*(struct result_reference *)item = (struct result_reference){
		.object = string(row, "object"),
		.name = string(row, "name"),
		.sympos = number(row, "sympos", INT32_MAX),
		.global = flag(row, "global"),
		.symbol = optional(row, "symbol") ?: string(row, "name"),
		.variable = flag(row, "variable"),
		.size = number(row, "size", INT64_MAX),
	};
}

static void read_export(struct row *row, void *item)
{
	const char *name = string(row, "name");

	*(struct result_export *)item = (struct result_export){ name, place(row, name) };
}

static void read_use(struct row *row, void *item)
{
	*(struct result_use *)item = (struct result_use){
		string(row, "name"),
		place(row, optional(row, "function")),
	};
}

static void read_variable(struct row *row, void *item)
{
	*(struct result_variable *)item = (struct result_variable){
		.name = string(row, "name"),
		.type = optional(row, "type"),
		.size = number(row, "size", INT64_MAX),
		.place = place(row, NULL),
		.status = status(row),
	};
}

static void read_callback(struct row *row, void *item)
{
	const char *name = string(row, "name");

	*(struct result_callback *)item = (struct result_callback){
		.kind = string(row, "kind"),
		.name = name,
		.place = place(row, name),
		.row = row->json,
	};
}

static void read_state(struct row *row, void *item)
{
	*(struct result_state *)item = (struct result_state){
		.id = string(row, "id"),
		.version = number(row, "version", INT64_MAX),
		.place = place(row, NULL),
		.row = row->json,
	};
}

static void read_problem(struct row *row, void *item)
{
	*(struct result_problem *)item = (struct result_problem){
		string(row, "code"),
		place(row, optional(row, "function")),
	};
}

#define LIST(member, read)                                                                     \
	{                                                                                      \
#member, offsetof(struct result, member), offsetof(struct result, n_##member), \
			sizeof(*((struct result *)0)->member), read                            \
	}

static const struct list {
	const char *name;
	size_t items, n; /* offsets in struct result */
	size_t size;
	void (*read)(struct row *row, void *item);
} lists[] = {
	LIST(functions, read_function),	  LIST(data, read_data),
	LIST(references, read_reference), LIST(exports, read_export),
	LIST(unresolved, read_use),	  LIST(variables, read_variable),
	LIST(callbacks, read_callback),	  LIST(states, read_state),
	LIST(diagnostics, read_problem),
};

static void **items_of(struct result *result, const struct list *list)
{
	return (void **)((char *)result + list->items);
}

static size_t *count_of(struct result *result, const struct list *list)
{
	return (size_t *)((char *)result + list->n);
}

/* 0, -ENOMEM, or -EPROTO with *@member (of a row; NULL: the list isn't an array). */
static int read_list(struct result *result, const struct list *list, const char *source,
		     const char **member)
{
	const json_t *array = json_object_get(result->json, list->name);
	char *items = calloc(json_array_size(array) + 1, list->size);
	json_t *json;
	size_t i;

	*member = NULL;
	*items_of(result, list) = items;
	if (!items)
		return -ENOMEM;
	if (!json_is_array(array))
		return -EPROTO;
	json_array_foreach(array, i, json) {
		struct row row = { .json = json, .source = source };

		list->read(&row, items + i * list->size);
		if (row.wrong) {
			*member = row.wrong;
			return -EPROTO;
		}
	}
	*count_of(result, list) = i;
	return 0;
}

int result_load(const char *path, const char *source, struct result **result, char *wrong,
		size_t size)
{
	struct result *new = calloc(1, sizeof(*new));
	const char *member;
	int err = 0;

	if (!new)
		return -ENOMEM;
	new->json = json_load_file(path, 0, NULL);
	if (!new->json)
		err = -ENOENT;
	for (size_t i = 0; !err && i < ARRAY_SIZE(lists); i++) {
		err = read_list(new, &lists[i], source, &member);
		if (err == -EPROTO)
			snprintf(wrong, size, "%s%s%s", lists[i].name, member ? ": " : "",
				 member ?: "");
	}
	if (err) {
		result_free(new);
		return err;
	}
	*result = new;
	return 0;
}

void result_free(struct result *result)
{
	if (!result)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		free(*items_of(result, &lists[i]));
	json_decref(result->json);
	free(result);
}

int result_add_reference(struct result *result, const char *object, const char *name,
			 unsigned int sympos)
{
	struct result_reference *references =
		reallocarray(result->references, result->n_references + 1, sizeof(*references));
	json_t *json = json_pack("{s:s, s:s, s:i, s:b}", "object", object, "name", name, "sympos",
				 (int)sympos, "global", 1);
	struct row row = { .json = json };

	if (references)
		result->references = references;
	if (!references || !json ||
	    json_array_append_new(json_object_get(result->json, "references"), json))
		return -ENOMEM;
	read_reference(&row, &references[result->n_references++]);
	return 0;
}

int result_function_sleeps(struct result_function *function, const char *why)
{
	if (json_object_set_new(function->row, "sleeps", json_string(why)))
		return -ENOMEM;
	function->sleeps = json_string_value(json_object_get(function->row, "sleeps"));
	return 0;
}

bool function_is_replaced(const struct result_function *function)
{
	return function->status == RESULT_CHANGED;
}

const char *result_status_text(enum result_status status)
{
	return statuses[status];
}

bool result_has_code(const struct result *result, const char *code)
{
	const struct result_problem *problem;

	result_for_each(problem, result, diagnostics)
		if (!strcmp(problem->code, code))
			return true;
	return false;
}
