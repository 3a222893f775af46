// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New code uses klp relocations for symbols that nothing exports. The list of
 * these symbols is read from the finished modules, not from the plan, and kept
 * for the manifest: one row for each symbol, with the functions that use it.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

static int compare_rows(const void *a, const void *b)
{
	static const char *const keys[] = { "object", "symbol" };
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	json_int_t difference;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int order = strcmp(json_string_value(json_object_get(x, keys[i])) ?: "",
				   json_string_value(json_object_get(y, keys[i])) ?: "");

		if (order)
			return order;
	}
	difference = json_integer_value(json_object_get(x, "sympos")) -
		     json_integer_value(json_object_get(y, "sympos"));
	return (difference > 0) - (difference < 0);
}

/* Sort by function too: qsort() doesn't keep the order of equal elements. */
static int compare_relocations(const void *a, const void *b)
{
	const char *x = json_string_value(json_object_get(*(json_t *const *)a, "function"));
	const char *y = json_string_value(json_object_get(*(json_t *const *)b, "function"));

	return compare_rows(a, b) ?: strcmp(x ?: "", y ?: "");
}

/* The row for @relocation's symbol: the last one, or a new one at the end. */
static json_t *row_for(json_t *rows, const json_t *relocation)
{
	json_t *row = json_pack("{s:O?, s:O, s:O, s:[]}", "object",
				json_object_get(relocation, "object"), "symbol",
				json_object_get(relocation, "symbol"), "sympos",
				json_object_get(relocation, "sympos"), "functions");
	json_t *last = json_array_get(rows, json_array_size(rows) - 1);

	if (last && row && !compare_rows(&last, &row)) {
		json_decref(row);
		return last;
	}
	return row && !json_array_append_new(rows, row) ? row : NULL;
}

static int add_user(json_t *functions, json_t *user)
{
	const json_t *have;
	size_t i;

	if (!json_is_string(user))
		return 0;
	json_array_foreach(functions, i, have)
		if (json_equal(have, user))
			return 0;
	return json_array_append(functions, user);
}

/* One row for each symbol, sorted. NULL if there is not enough memory. */
static json_t *group(const json_t *relocations)
{
	size_t n = json_array_size(relocations), i;
	json_t **sorted = calloc(n + 1, sizeof(*sorted)), *rows = json_array(), *row;
	bool failed = !sorted || !rows;

	for (i = 0; i < n && !failed; i++)
		sorted[i] = json_array_get(relocations, i);
	if (!failed)
		qsort(sorted, n, sizeof(*sorted), compare_relocations);
	for (i = 0; i < n && !failed; i++) {
		row = row_for(rows, sorted[i]);
		failed = !row || add_user(json_object_get(row, "functions"),
					  json_object_get(sorted[i], "function"));
	}
	free(sorted);
	if (failed)
		json_decref(rows);
	return failed ? NULL : rows;
}

static int list_module(const struct job *job, struct object *object)
{
	char *tool = job->tools ? path_join(job->tools, "klp-relocs", NULL) : strdup("klp-relocs");
	const char *argv[] = { tool, "show", "--json", object->ko, NULL };
	json_t *report = NULL;
	char *log = NULL;
	int err;

	err = tool ? run(job, "KS346", object->module, NULL, argv, &log) : diag_oom(job->diag);
	if (!err) {
		report = json_loads(log, 0, NULL);
		object->relocations = group(json_object_get(report, "relocations"));
		if (!object->relocations)
			err = diag_oom(job->diag);
	}
	json_decref(report);
	free(log);
	free(tool);
	return err;
}

int list_relocations(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (build->objects[i].ko)
			err = list_module(&build->job, &build->objects[i]);
	return err;
}
