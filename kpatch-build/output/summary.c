// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "Done" doesn't help a user who is about to change a running kernel. The
 * summary names each function that will be replaced, its place in the source,
 * its object, and how much was proved.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/check/declared.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "kpatch-build/output/ledger.h"
#include "kpatch-build/output/summary.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/result.h"

static size_t count_proved(const struct reached *reached)
{
	size_t n = 0;

	for (size_t i = 0; i < reached->n_units; i++)
		n += reached->units[i].proved;
	return n;
}

static size_t count_proved_data(const struct reached *reached)
{
	size_t n = 0;

	for (size_t i = 0; i < reached->n_units; i++)
		n += reached->units[i].proved_data;
	return n;
}

static size_t count_proved_entries(const struct reached *reached)
{
	size_t n = 0;

	for (size_t i = 0; i < reached->n_units; i++)
		n += reached->units[i].proved_entries;
	return n;
}

static const char *reason_of(const json_t *row)
{
	return json_string_value(json_object_get(row, "why")) ?: "";
}

/* One list for all units. Caller owns the reference. */
static json_t *all_uncompared(const struct reached *reached)
{
	json_t *all = json_array();

	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].uncompared)
			json_array_extend(all, reached->units[i].uncompared);
	return all;
}

/* Print each reason once, with the number of things it applies to. */
static void print_uncompared(const struct reached *reached, FILE *out)
{
	json_t *all = all_uncompared(reached), *row, *other;
	size_t i, j;

	json_array_foreach(all, i, row) {
		size_t n = 0, before = 0;

		json_array_foreach(all, j, other) {
			bool same = !strcmp(reason_of(row), reason_of(other));

			n += same;
			before += same && j < i;
		}
		if (!before)
			fprintf(out, "  not compared: %zu (%s)\n", n, reason_of(row));
	}
	json_decref(all);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void print_proved(const struct reached *reached, FILE *out)
{
	size_t functions = count_proved(reached), data = count_proved_data(reached);
	size_t entries = count_proved_entries(reached);

	fprintf(out, "%zu function%s, %zu variable%s and %zu table entr%s equal the shipped ones\n",
		functions, plural(functions), data, plural(data), entries,
		entries == 1 ? "y" : "ies");
}

static void print_units(const struct job *job, const struct reached *reached,
			const struct object *object, FILE *out)
{
	const struct result_function *function;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		if (job->options.check)
			fprintf(out, "    unit     %s\n", unit->source);
		result_for_each(function, unit->result, functions)
			fprintf(out, "    %-8s %-32s %s:%u%s%s\n",
				result_status_text(function->status), function->name,
				function->place.file, function->place.line,
				function->leads_to ? ", as it calls " : "",
				function->leads_to ?: "");
	}
}

/* The diffs changed these functions, and replaced functions contain them. */
static void print_inlined(const struct livepatch *livepatch, const struct object *object, FILE *out)
{
	const json_t *object_row, *row, *into;
	size_t o, i, n;

	json_array_foreach(json_object_get(livepatch->manifest, "objects"), o, object_row) {
		if (strcmp(object->name,
			   json_string_value(json_object_get(object_row, "object")) ?: ""))
			continue;
		json_array_foreach(json_object_get(object_row, "inlined"), i, row) {
			fprintf(out, "    inlined  %-32s %s:%lld, into",
				json_string_value(json_object_get(row, "name")),
				json_string_value(json_object_get(row, "file")),
				json_integer_value(json_object_get(row, "line")));
			json_array_foreach(json_object_get(row, "into"), n, into)
				fprintf(out, "%s %s", n ? "," : "", json_string_value(into));
			fputc('\n', out);
		}
	}
}

static void print_built(const struct job *job, const struct kernel *kernel,
			const struct reached *reached, const struct livepatch *livepatch, FILE *out)
{
	fprintf(out, "%s for %s (%s)\n", livepatch->name, kernel->release, kernel->version);
	for (size_t i = 0; i < reached->n_objects; i++) {
		const struct object *object = &reached->objects[i];

		if (!object_has_module(reached, object))
			continue;
		fprintf(out, "  %s.ko, %s %s\n", object->module,
			i ? "object module for" : "main module, code for", object->name);
		if (!object_has_changes(reached, object))
			fputs("    nothing in vmlinux itself\n", out);
		print_units(job, reached, object, out);
		print_inlined(livepatch, object, out);
		print_callbacks(out, reached, object);
	}
	print_proved(reached, out);
	fprintf(out, "%s, %.1f s\n", job->options.check ? "checked, not built" : livepatch->output,
		progress_total(job->progress));
}

/* Does the kernel's source have the change of one of the diffs, and is that why nothing changed? */
static bool is_there(const struct series *series, int code)
{
	for (size_t i = 0; i < series->n_diffs; i++)
		if (series->diffs[i].is_there)
			return code == 3 && series->nothing_to_do;
	return false;
}

/*
 * Why this kernel needs no livepatch, though nothing was built: its source has the change already,
 * the change makes no difference there, or its build doesn't include the changed files. NULL: no
 * such reason is known.
 */
static const char *not_affected(const struct series *series, int code, struct diag *diag)
{
	size_t changes = 0, unbuilt;

	for (size_t i = 0; i < series->n_changes; i++)
		changes += !series->changes[i].ignored;
	if (code == 3)
		return is_there(series, code) ? "its source has the change already"
					      : "the change makes no difference to its code";
	unbuilt = diag_count(diag, "KS320");
	/* KS320 is reported once if nothing is left of the diffs */
	if (code == 2 && unbuilt && unbuilt == (changes ?: 1) && unbuilt == diag_errors(diag))
		return "it was built without what is changed";
	return NULL;
}

void summary_text(const struct build *build, int code, FILE *out)
{
	diag_print(build->diag, stderr);
	if (build->decided_by)
		fprintf(stderr,
			"decided by %s: the other units were not compiled, and may have more errors\n",
			build->decided_by);
	if (code == 0 && build->options.prove) {
		fprintf(out, "%s: ", build->options.prove);
		print_proved(&build->reached, out);
		print_uncompared(&build->reached, out);
	} else if (code == 0) {
		print_built(&build->job, &build->kernel, &build->reached, &build->livepatch, out);
	} else if (code == 3) {
		fprintf(out, "nothing changed: %s\n",
			not_affected(&build->series, code, build->diag));
	}
	if (build->options.ledger)
		print_ledgers(&build->reached, out);
}

json_t *summary_to_json(const struct build *build, int code)
{
	static const char *const results[] = { "built", "error", "refused", "unchanged" };
	const char *result = code == 0 && build->options.check ? "checked" : results[code];
	json_t *json = json_pack("{s:s*, s:s, s:i, s:o, s:o, s:f, s:I}", "event",
				 build->options.events ? "result" : NULL, "result", result, "exit",
				 code, "diagnostics", diag_to_json(build->diag), "steps",
				 progress_to_json(build->progress), "seconds",
				 progress_total(build->progress), "proved",
				 (json_int_t)count_proved(&build->reached));

	if (build->kernel.release)
		json_object_set_new(json, "kernel", json_string(build->kernel.release));
	if (not_affected(&build->series, code, build->diag))
		json_object_set_new(json, "not_affected",
				    json_string(not_affected(&build->series, code, build->diag)));
	if (is_there(&build->series, code))
		json_object_set_new(json, "is_there", json_true());
	if (build->decided_by)
		json_object_set_new(json, "decided_by", json_string(build->decided_by));
	json_object_set_new(json, "proved_data", json_integer(count_proved_data(&build->reached)));
	json_object_set_new(json, "proved_entries",
			    json_integer(count_proved_entries(&build->reached)));
	json_object_set_new(json, "uncompared", all_uncompared(&build->reached));
	if (build->options.ledger)
		json_object_set_new(json, "ledger", ledgers_of_units(&build->reached));

	if (code == 0 && build->manifest) {
		if (!build->options.check)
			json_object_set_new(json, "output", json_string(build->output));
		json_object_set(json, "manifest", build->manifest);
	}
	return json;
}

void summary_json(const struct build *build, int code, FILE *out)
{
	json_t *json = summary_to_json(build, code);

	json_dumpf(json, out, build->options.events ? JSON_COMPACT : JSON_INDENT(2));
	fputc('\n', out);
	json_decref(json);
}

int summary_to_file(const struct build *build, int code, const char *path)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (out) {
		summary_json(build, code, out);
		err = fclose(out) ? -ENOMEM : write_file_atomic(path, text, size, 0600);
	}
	if (err)
		diag_errno(build->diag, -err, path, "write");
	free(text);
	return err;
}
