// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/part.h"
#include "kpatch-build/each/rows.h"
#include "lib/files.h"
#include "lib/text.h"

static const char *const kinds[] = {
	[PART_CHECK] = "check",
	[PART_TRY] = "try",
	[PART_LAST] = "last",
};

char *part_result(const struct part *part)
{
	return path_join(part->dir, "result.json", NULL);
}

char *part_write(const struct job *job, const struct part *part)
{
	char *path = path_join(part->dir, "part.json", NULL), *result = part_result(part);
	char *output = path_join(part->dir, "modules", NULL);
	json_t *diffs = json_array(), *json;
	int err = path && result && output ? make_dirs(part->dir) : -ENOMEM;

	for (size_t i = 0; i < part->n_diffs; i++)
		json_array_append_new(diffs, json_string(part->diffs[i]));
	json = err ? NULL
		   : json_pack("{s:s, s:o, s:s, s:s, s:s, s:s, s:i, s:I, s:O*}", "kind",
			       kinds[part->kind], "diffs", diffs, "name", part->name, "result",
			       result, "output", output, "store", part->store, "jobs",
			       (int)part->jobs, "max_units", (json_int_t)part->max_units, "fixes",
			       part->fixes);
	if (!err && !json)
		err = -ENOMEM;
	if (!err && json_dump_file(json, path, JSON_COMPACT))
		err = errno ? -errno : -EIO;
	if (err) {
		diag_errno(job->diag, -err, path ?: part->dir, "write");
		free(path);
		path = NULL;
	}
	json_decref(json);
	free(output);
	free(result);
	return path;
}

static const char *text_of(const struct options *options, const char *key)
{
	return json_string_value(json_object_get(options->part, key));
}

/* A try has nothing that the user sees. */
static void leave_out_outputs(struct options *options)
{
	options->output = text_of(options, "output");
	options->report = NULL;
	options->package = NULL;
	options->package_version = NULL;
	options->sign_key = options->sign_cert = options->sign_hash = NULL;
	options->ledger = options->keep = options->verbose = false;
}

static int take_diffs(struct options *options, const json_t *diffs)
{
	const char **list = calloc(json_array_size(diffs) + 1, sizeof(*list));
	const json_t *diff;
	size_t i;

	if (!list)
		return -ENOMEM;
	json_array_foreach(diffs, i, diff)
		list[i] = json_string_value(diff);
	free(options->diffs);
	options->diffs = list;
	options->n_diffs = i;
	return 0;
}

int part_take(struct job *job)
{
	struct options *options = &job->options;
	const char *kind;

	if (!options->each_part)
		return 0;
	options->part = json_load_file(options->each_part, 0, NULL);
	kind = text_of(options, "kind");
	if (!kind || !text_of(options, "name") || !text_of(options, "result"))
		return diag_errno(job->diag, EIO, options->each_part, "read");
	options->name = text_of(options, "name");
	options->result = text_of(options, "result");
	options->store = text_of(options, "store");
	options->jobs = json_integer_value(json_object_get(options->part, "jobs"));
	options->max_units = json_integer_value(json_object_get(options->part, "max_units"));
	options->json = options->events = false;
	if (strcmp(kind, kinds[PART_LAST]))
		leave_out_outputs(options);
	if (!strcmp(kind, kinds[PART_CHECK]))
		options->check = true;
	return take_diffs(options, json_object_get(options->part, "diffs")) ? diag_oom(job->diag)
									    : 0;
}

int warn_of_left_out(struct build *build)
{
	rows_warn(json_object_get(build->options.part, "fixes"), build->diag);
	return 0;
}
