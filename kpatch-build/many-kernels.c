// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix goes to every kernel that a team supports, and the question then is not
 * "did it work" but "which machines are covered". So one run builds for all of
 * them and ends with a table: covered, can't be covered and why, or not
 * affected.
 *
 * Each kernel gets a process of its own, with our arguments: a failure of one
 * doesn't affect the others, and a livepatch is the same whether it was built
 * alone or with others. They run one after the other: each uses all CPUs, and
 * they share the cache (packages, source, originals).
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/kernel/kernel-names.h"
#include "kpatch-build/many-kernels.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/inputs.h"
#include "kpatch-build/source/unpack.h"
#include "lib/text.h"

/* What the run for a kernel reports ("result"), and what that means to an administrator. */
static const struct outcome {
	const char *result, *word;
	int exit; /* of the run for all, if nothing is worse */
	int rank; /* the highest one decides */
} outcomes[] = {
	{ "unchanged", "not affected", 3, 0 }, { "not-affected", "not affected", 3, 0 },
	{ "built", "livepatched", 0, 1 },      { "checked", "can be livepatched", 0, 1 },
	{ "refused", "refused", 2, 2 },	       { "error", "failed", 1, 3 },
};

static const struct outcome *outcome_of(const json_t *result)
{
	const size_t n = ARRAY_SIZE(outcomes);
	const char *name = json_string_value(json_object_get(result, "result"));

	/* refused, but only because the kernel lacks what the diff fixes */
	if (name && !strcmp(name, "refused") && json_object_get(result, "not_affected"))
		name = "not-affected";
	for (size_t i = 0; i < n && name; i++)
		if (!strcmp(outcomes[i].result, name))
			return &outcomes[i];
	return &outcomes[n - 1];
}

/* The codes of its errors, each once; caller owns the reference. */
static json_t *codes_of(const json_t *result)
{
	json_t *codes = json_array(), *problem, *known;
	size_t i, j;

	json_array_foreach(json_object_get(result, "diagnostics"), i, problem) {
		const char *code = json_string_value(json_object_get(problem, "code"));
		const char *severity = json_string_value(json_object_get(problem, "severity"));
		bool listed = false;

		if (!code || !severity || strcmp(severity, "error"))
			continue;
		json_array_foreach(codes, j, known)
			listed = listed || !strcmp(json_string_value(known), code);
		if (!listed)
			json_array_append_new(codes, json_string(code));
	}
	return codes;
}

static json_t *row_of(const char *release, json_t *result)
{
	const struct outcome *outcome = outcome_of(result);
	const char *why = json_string_value(json_object_get(result, "not_affected"));
	json_t *row = json_pack("{s:s, s:s, s:o, s:O}", "kernel", release, "outcome", outcome->word,
				"codes", codes_of(result), "result", result);

	if (why)
		json_object_set_new(row, "why", json_string(why));
	return row;
}

/* A run that died reports nothing: that is an error of its own. */
static json_t *died(const struct process *process)
{
	char *how = WIFSIGNALED(process->status)
			    ? format("the run was killed by signal %d", WTERMSIG(process->status))
			    : format("the run exited with status %d and without a result",
				     WEXITSTATUS(process->status));
	json_t *result = json_pack("{s:s, s:i, s:[]}", "result", "error", "exit", 1, "diagnostics");

	json_object_set_new(result, "why", json_string(how ?: ""));
	free(how);
	return result;
}

static int build_for_one(const struct job *job, const char *self, const char *release,
			 char **arguments, json_t *rows)
{
	char *path = path_join(job->work, release, NULL);
	char *tmpdir = format("TMPDIR=%s", job->work);
	const char *env[] = { job->options.keep ? NULL : tmpdir, NULL };
	struct process process = { .env = env, .output_is_ours = true };
	struct strvec argv = { 0 };
	json_t *result, *row;
	int err;

	strvec_add(&argv, self);
	strvec_addf(&argv, "--one-of=%s", release);
	strvec_addf(&argv, "--result=%s", path ?: "");
	for (; *arguments; arguments++)
		strvec_add(&argv, *arguments);
	err = path && tmpdir ? strvec_done(&argv, job->diag) : diag_oom(job->diag);
	if (!err) {
		process.argv = argv.list;
		err = process_run(&process);
		if (err && err != -ECHILD)
			diag_errno(job->diag, -err, self, "run");
	}
	if (!err || err == -ECHILD) {
		result = json_load_file(path, 0, NULL) ?: died(&process);
		row = row_of(release, result);
		err = row && !json_array_append_new(rows, row) ? 0 : diag_oom(job->diag);
		json_decref(result);
	}
	process_end(&process);
	strvec_free(&argv);
	free(tmpdir);
	free(path);
	return err;
}

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

/* Print after the outcome: the codes, the reason or the folder. */
static void print_details(const json_t *row)
{
	const json_t *result = json_object_get(row, "result"), *code;
	size_t i;

	json_array_foreach(json_object_get(row, "codes"), i, code)
		printf("%s%s", i ? " " : "", json_string_value(code));
	if (!i)
		printf("%s", *text_of(row, "why")	  ? text_of(row, "why")
			     : *text_of(result, "output") ? text_of(result, "output")
							  : text_of(result, "why"));
	else if (*text_of(row, "why"))
		printf(" (%s)", text_of(row, "why"));
	putchar('\n');
}

static void print_table(const json_t *rows)
{
	const json_t *row;
	size_t i;
	int width = strlen("KERNEL");

	json_array_foreach(rows, i, row)
		if ((int)strlen(text_of(row, "kernel")) > width)
			width = strlen(text_of(row, "kernel"));
	printf("%-*s  %-18s  %s\n", width, "KERNEL", "LIVEPATCH", "WHERE OR WHY");
	json_array_foreach(rows, i, row) {
		printf("%-*s  %-18s  ", width, text_of(row, "kernel"), text_of(row, "outcome"));
		print_details(row);
	}
}

static const struct outcome *worst_of(const json_t *rows)
{
	const struct outcome *worst = NULL, *one;
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		one = outcome_of(json_object_get(row, "result"));
		if (!worst || one->rank > worst->rank)
			worst = one;
	}
	return worst;
}

/* The first kernel's run would empty a pipe: each gets a file, of which the name says nothing. */
static int keep_pipe(const struct job *job, size_t i, char **argument)
{
	char *folder = format("%s/pipe-%zu", job->work, i), *text = NULL, *path;
	size_t size;
	int err;

	path = folder ? path_join(folder, "-", NULL) : NULL;
	err = path ? make_dirs(folder) : -ENOMEM;
	if (err)
		diag_errno(job->diag, -err, folder ?: "pipe", "make");
	err = err
		      ?: read_input(job, *argument, strcmp(*argument, "-") ? *argument : "stdin",
				    path, &text, &size);
	free(text);
	free(folder);
	if (err)
		free(path);
	else
		*argument = path; /* for the rest of this run */
	return err;
}

static int keep_pipes(const struct job *job, char **arguments)
{
	const struct options *options = &job->options;
	int err = 0;

	for (size_t i = 0; i < options->n_diffs && !err; i++)
		for (char **at = arguments; *at && !err; at++)
			if (*at == options->diffs[i] &&
			    (!strcmp(*at, "-") || (path_exists(*at) && !input_has_name(*at)))) {
				err = keep_pipe(job, i, at);
				break;
			}
	return err;
}

static int build_all(struct build *build, char **arguments, json_t *rows)
{
	struct strvec releases = { 0 };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int err;

	if (n < 0)
		return diag_errno(build->diag, errno, "/proc/self/exe", "read");
	self[n] = '\0';
	err = make_work(build);
	err = err ?: keep_pipes(&build->job, arguments);
	err = err ?: kernel_names(&build->job, &build->kernel, &releases);
	for (size_t i = 0; i < releases.n && !err; i++) {
		fprintf(stderr, "kpatch-build: %s (%zu of %zu)\n", releases.list[i], i + 1,
			releases.n);
		err = build_for_one(&build->job, self, releases.list[i], arguments, rows);
	}
	strvec_free(&releases);
	return err;
}

int build_for_many(struct build *build, char **argv)
{
	json_t *rows = json_array(), *all;
	const struct outcome *worst;
	int code = 1;

	if (!rows || build_all(build, argv + 1, rows) || !(worst = worst_of(rows))) {
		diag_print(build->diag, stderr);
	} else if (build->options.json) {
		code = worst->exit;
		all = json_pack("{s:s, s:i, s:O}", "result", worst->result, "exit", code, "kernels",
				rows);
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(all);
	} else {
		code = worst->exit;
		print_table(rows);
	}
	json_decref(rows);
	return code;
}
