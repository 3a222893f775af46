// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Months later, somebody asks what exactly runs on a machine: which diffs, for
 * which build of the kernel, which functions, made by which tools. The modules
 * contain only what the kernel needs. The rest is in the manifest next to them,
 * in a fixed order, and without times or paths of the build machine, so that
 * two builds of the same thing are the same bytes. (klp-split-module(5))
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/diag-json.h"
#include "lib/paths.h"
#include "kpatch-build/build.h"
#include "kpatch-build/check/declared.h"
#include "kpatch-build/output/details.h"
#include "lib/files.h"
#include "kpatch-build/output/ledger.h"
#include "kpatch-build/module/modules.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/cve-map.h"
#include "kpatch-build/source/message.h"

static json_t *diff_json(const struct series *series, const struct diff *diff)
{
	const struct input *input = &series->inputs[diff->input];
	json_t *cves = json_array(), *row;
	struct message message;

	if (diff_message(series, diff, &message)) {
		json_decref(cves);
		return NULL;
	}
	for (size_t i = 0; i < message.cves.n; i++)
		json_array_append_new(cves, json_string(message.cves.list[i]));
	row = json_pack("{s:s, s:s, s:s, s:s?, s:o}", "name", input->name, "sha256", input->sha256,
			"subject", message.subject, "author", message.author, "cves", cves);
	message_free(&message);
	return row;
}

static json_t *diffs_json(const struct series *series)
{
	json_t *array = json_array();

	for (size_t i = 0; i < series->n_diffs; i++)
		json_array_append_new(array, diff_json(series, &series->diffs[i]));
	return array;
}

/* --check makes no module, so there is none. */
static int add_digest(const struct job *job, const struct object *object, json_t *row)
{
	char *digest;
	int err = object->ko ? run_sha256(job, object->ko, &digest) : 0;

	if (!err && object->ko) {
		json_object_set_new(row, "sha256", json_string(digest));
		free(digest);
	}
	return err;
}

/*
 * Sort by place in the source, as a reader looks for them; create-diff-object has the compiler's
 * order.
 */
static int by_place(const void *a, const void *b)
{
	const struct result_function *x = *(struct result_function *const *)a;
	const struct result_function *y = *(struct result_function *const *)b;
	int order = strcmp(x->place.file, y->place.file);
	int lines = (x->place.line > y->place.line) - (x->place.line < y->place.line);

	return order ?: lines ?: strcmp(x->name, y->name);
}

/* Add what create-diff-object reports about each function, with the unit that contains it. */
static void add_functions(json_t *array, const struct unit *unit)
{
	size_t n = unit->result ? unit->result->n_functions : 0;
	struct result_function **sorted = calloc(n + 1, sizeof(*sorted));

	for (size_t i = 0; sorted && i < n; i++)
		sorted[i] = &unit->result->functions[i];
	if (sorted)
		qsort(sorted, n, sizeof(*sorted), by_place);
	for (size_t i = 0; i < n; i++) {
		json_t *copy =
			json_deep_copy(sorted ? sorted[i]->row : unit->result->functions[i].row);

		json_object_set_new(copy, "unit", json_string(unit->source));
		json_array_append_new(array, copy);
	}
	free(sorted);
}

/* Count for each reason how many symbols and sections weren't compared. */
static void count_uncompared(json_t *counts, const struct unit *unit)
{
	const json_t *row;
	size_t i;

	json_array_foreach(unit->uncompared, i, row) {
		const char *why = json_string_value(json_object_get(row, "why"));

		json_object_set_new(
			counts, why,
			json_integer(json_integer_value(json_object_get(counts, why)) + 1));
	}
}

static json_t *object_json(const struct series *series, struct trees *trees,
			   const struct reached *reached, const struct object *object)
{
	json_t *functions = json_array(), *units = json_array(), *row;
	json_t *uncompared = json_object();
	json_int_t references = 0, proved = 0, data = 0, entries = 0;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if ((!unit->changed && !unit->removed) || strcmp(unit->object, object->name))
			continue;
		json_array_append_new(units, json_string(unit->source));
		add_functions(functions, unit);
		references += unit->result ? unit->result->n_references : 0;
		proved += unit->proved;
		data += unit->proved_data;
		entries += unit->proved_entries;
		count_uncompared(uncompared, unit);
	}
	row = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I,"
			" s:o}",
			"object", object->name, "build_id", object->build_id, "module",
			object->module, "units", units, "functions", functions, "inlined",
			inlined_of_object(series, trees, reached, object), "data",
			data_of_object(reached, object), "callbacks",
			callbacks_to_json(reached, object), "references", references, "proved",
			proved, "proved_data", data, "proved_entries", entries, "uncompared",
			uncompared);
	json_object_set_new(row, "types", types_of_object(object));
	json_object_set_new(row, "ledger", ledger_of_object(reached, object));
	if (object->relocations) /* --check makes no module, so there are none */
		json_object_set(row, "klp_relocations", object->relocations);
	return row;
}

/* Name a diff without its folder, which says something about this machine. */
static void forget_folder(const struct series *series, json_t *warning)
{
	const char *file = json_string_value(json_object_get(warning, "file")), *base;

	for (size_t i = 0; file && i < series->n_diffs; i++) {
		base = strrchr(series->diffs[i].path, '/');
		if (base && !strcmp(file, series->diffs[i].path)) {
			json_object_set_new(warning, "file", json_string(base + 1));
			return;
		}
	}
}

/* The warnings that the author of the diffs got; reviewers should know them too. */
static json_t *warnings_json(const struct series *series, struct diag *diag)
{
	json_t *all = diag_to_json(diag), *warnings = json_array(), *one;
	size_t i;

	json_array_foreach(all, i, one)
		if (!strcmp(json_string_value(json_object_get(one, "severity")) ?: "", "warning")) {
			forget_folder(series, one);
			json_array_append(warnings, one);
		}
	json_decref(all);
	return warnings;
}

int write_manifest(struct build *build)
{
	const struct kernel *kernel = &build->kernel;
	json_t *objects = json_array(), *row;
	int err = 0;

	for (size_t i = 0; i < build->n_objects; i++)
		if (object_has_module(&build->reached, &build->objects[i])) {
			row = object_json(&build->series, &build->trees, &build->reached,
					  &build->objects[i]);
			err = err ?: add_digest(&build->job, &build->objects[i], row);
			json_array_append_new(objects, row);
		}
	if (err) {
		json_decref(objects);
		return err;
	}
	build->manifest = json_pack(
		"{s:i, s:s, s:b, s:{s:s, s:s, s:s}, s:o, s:o, s:o, s:o, s:{s:s, s:s}}",
		"klp_split_manifest", 1, "name", build->name, "replace", !build->options.stacked,
		"kernel", "release", kernel->release, "version", kernel->version, "build_id",
		kernel->build_id, "diffs", diffs_json(&build->series), "objects", objects, "states",
		states_to_json(&build->reached), "warnings",
		warnings_json(&build->series, build->diag), "tools", "klp_split", KLP_SPLIT_VERSION,
		"compiler", kernel->cc_version);
	if (build->manifest && json_object_get(build->options.part, "fixes"))
		json_object_set(build->manifest, "fixes",
				json_object_get(build->options.part, "fixes"));
	if (build->manifest && build->signature)
		json_object_set(build->manifest, "signature", build->signature);
	return build->manifest ? 0 : diag_oom(build->diag);
}
