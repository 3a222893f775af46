// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Of the commits that can't be livepatched as they are, a person livepatches about half
 * in another form, and most of these forms are known: leave out what has run, copy what
 * can't be reached. --suggest writes them. It tries the diff, edits what is refused by
 * the table of forms, and tries again, until nothing is refused or nothing more can be
 * answered. Only a diff that passes every check is written, beside the original, with
 * a note for each decision; then it is built like any other.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/source/inputs.h"
#include "kpatch-build/suggest/forms.h"
#include "kpatch-build/suggest/suggest.h"
#include "kpatch-build/suggest/trial.h"
#include "lib/array.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "lib/text.h"

#define ROUNDS 8

/* Up to the patched tree, as for every build. */
static int (*const passes[])(struct build *build) = {
	find_tools,  make_work,	     take_inputs, name_livepatch,     take_oot,	       read_diffs,
	find_kernel, prepare_kernel, prepare_oot, read_diffs_in_tree, leave_out_parts, apply_diffs,
};

static int run_passes(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(passes) && !err; i++)
		err = build->nothing_to_do ? 0 : passes[i](build);
	return err;
}

/* "fix.patch" and "fix.patch.gz" become "fix.suggested.patch" in the same folder. */
static char *beside(const char *diff)
{
	static const char *const ends[] = { ".gz",    ".xz",   ".bz2",	".zst",
					    ".patch", ".diff", ".mbox", ".eml" };
	size_t n = strlen(diff);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t end = strlen(ends[i]);

		if (n > end && !strncmp(diff + n - end, ends[i], end))
			n -= end;
	}
	return format("%.*s.suggested.patch", (int)n, diff);
}

/* Where the suggestion goes; what is there is overwritten only if the user has named it. */
static int choose_file(struct build *build, char **path)
{
	const struct options *options = &build->options;
	const char *diff = options->diffs[0];
	int err;

	if (!options->suggested && (!strcmp(diff, "-") || !input_has_name(diff)))
		return diag_error(build->diag, "KS395", NULL,
				  "a pipe has no name to put it beside: --suggest=FILE");
	*path = options->suggested ? strdup(options->suggested) : beside(diff);
	if (!*path)
		return diag_oom(build->diag);
	if (options->suggested || !path_exists(*path))
		return 0;
	err = diag_error(build->diag, "KS395", NULL,
			 "%s exists; --suggest=FILE overwrites what it names", *path);
	free(*path);
	*path = NULL;
	return err;
}

static bool is_refusal(const json_t *row)
{
	const char *severity = json_string_value(json_object_get(row, "severity"));
	const char *code = json_string_value(json_object_get(row, "code"));
	const struct diag_code *known = code ? diag_code_lookup(code) : NULL;

	return severity && !strcmp(severity, "error") && known && known->class == DIAG_REFUSAL;
}

static struct problem read_problem(const json_t *row)
{
	return (struct problem){
		.code = json_string_value(json_object_get(row, "code")) ?: "",
		.file = json_string_value(json_object_get(row, "file")),
		.function = json_string_value(json_object_get(row, "function")),
		.message = json_string_value(json_object_get(row, "message")) ?: "",
		.line = json_integer_value(json_object_get(row, "line")),
		.details = json_object_get(row, "details"),
	};
}

/* One round: answer what the trial has refused. *@edited: there is a new draft to try. */
static int answer_problems(struct draft *draft, const json_t *result, bool *edited)
{
	const json_t *row;
	size_t i;
	int err = 0;

	*edited = false;
	strvec_free(&draft->reasons);
	json_array_foreach(json_object_get(result, "diagnostics"), i, row) {
		struct problem problem = read_problem(row);
		bool one = false;

		if (err || !is_refusal(row))
			continue;
		err = answer_problem(draft, &problem, &one);
		*edited |= one;
	}
	*edited &= !draft->spoilt;
	return err ?: check_cuts(draft->build, &draft->cuts);
}

/* A failure (no memory, a compiler error) is reported as it is: no form answers it. */
static bool has_failed(const json_t *result)
{
	return json_integer_value(json_object_get(result, "exit")) == 1;
}

static int report_failure(struct draft *draft, const json_t *result)
{
	struct diag *diag = draft->build->diag;
	int err = diag_from_json(diag, json_object_get(result, "diagnostics"));

	if (draft->edits.n)
		err = diag_error(diag, "KS393", NULL, "the adapted diff can't be built");
	for (size_t i = 0; i < draft->edits.n; i++)
		diag_detail(diag, "tried: %s", draft->edits.list[i]);
	return err ?: -EINVAL;
}

static int report_refused(struct draft *draft, const json_t *result)
{
	struct diag *diag = draft->build->diag;
	int err = diag_from_json(diag, json_object_get(result, "diagnostics"));

	if (err)
		return err;
	err = diag_error(diag, "KS393", NULL, "%zu of what is refused", draft->reasons.n);
	for (size_t i = 0; i < draft->reasons.n; i++)
		diag_detail(diag, "%s", draft->reasons.list[i]);
	for (size_t i = 0; i < draft->edits.n; i++)
		diag_detail(diag, "answered, which is not enough: %s", draft->edits.list[i]);
	return err;
}

static int try_draft(struct draft *draft, char **argv, json_t **result)
{
	struct build *build = draft->build;
	char *path = path_join(build->work, "draft.patch", NULL);
	int err = path ? draft_save(draft, path) : diag_oom(build->diag);

	progress_step(build->progress, "try the %s", draft->edits.n ? "adapted diff" : "diff");
	err = err ?: trial_run(&build->job, argv, path, result);
	free(path);
	return err;
}

static int adapt(struct draft *draft, char **argv)
{
	json_t *result = NULL;
	bool edited = true;
	int code = 2, err = 0;

	for (int round = 0; round < ROUNDS && code == 2 && edited && !err; round++) {
		json_decref(result);
		result = NULL;
		err = try_draft(draft, argv, &result);
		code = err ? 1 : json_integer_value(json_object_get(result, "exit"));
		if (!err && code == 2)
			err = answer_problems(draft, result, &edited);
	}
	if (!err && has_failed(result))
		err = report_failure(draft, result);
	else if (!err && code == 2)
		err = report_refused(draft, result);
	else if (!err && code == 3 && draft->edits.n)
		err = diag_error(draft->build->diag, "KS393", NULL,
				 "nothing is left that changes the kernel's code");
	json_decref(result);
	return err;
}

static void print_edits(const struct draft *draft, const char *path)
{
	if (!draft->edits.n) {
		printf("the diff can be livepatched as it is: no suggestion is written\n");
		return;
	}
	printf("%s\n", path);
	for (size_t i = 0; i < draft->edits.n; i++)
		printf("  %zu. %s\n", i + 1, draft->edits.list[i]);
}

/* What the rest of the command line asks for, with the suggested diff if there is one. */
static int build_command(const struct draft *draft, char **argv, const char *path,
			 struct strvec *command)
{
	const struct build *build = draft->build;
	const struct options *options = &build->options;
	char *name = format("--name=%s", build->name);
	const char *const first[] = { options->name || options->package ? NULL : name, NULL };
	int err = name ? trial_command(&build->job, argv, first, path, command)
		       : diag_oom(build->diag);

	free(name);
	return err;
}

static int suggest(struct draft *draft, char **argv, const char *path, struct strvec *command)
{
	/* what came through a pipe can't be read again */
	bool is_pipe = !input_has_name(draft->build->options.diffs[0]), written;
	int err = adapt(draft, argv);

	written = draft->edits.n || is_pipe;
	if (!err && written)
		err = draft_save(draft, path);
	if (!err)
		print_edits(draft, path);
	/* exec() leaves nothing behind that could write it, or notice that it can't be written */
	if (!err && fflush(stdout))
		err = diag_errno(draft->build->diag, errno, "standard output", "write");
	return err ?: build_command(draft, argv, written ? path : NULL, command);
}

int suggest_diff(struct build *build, char **argv, struct strvec *command)
{
	struct draft draft = { 0 };
	char *path = NULL;
	int err = choose_file(build, &path);

	err = err ?: run_passes(build);
	if (build->kernel.lock >= 0)
		kernel_unlock(&build->kernel); /* the trials take it */
	if (!err && !build->nothing_to_do) {
		err = draft_start(&draft, build);
		err = err ?: suggest(&draft, argv, path, command);
	}
	draft_free(&draft);
	free(path);
	return err;
}
