// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each fix is tried alone, and with those that it needs (choose.c); the others
 * are left out, and those that need them. The rest is built as one livepatch. If
 * that is refused, the fix that is wrong together with others is found
 * (culprit.c), and the rest is built again.
 *
 * Everything that compiles or builds is a process of its own (trial.c), which
 * gets the diffs as if somebody had given these alone. So the livepatch is the
 * same as without --each, and a failure leaves nothing behind.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/choose.h"
#include "kpatch-build/each/culprit.h"
#include "kpatch-build/each/each.h"
#include "kpatch-build/each/rows.h"
#include "kpatch-build/each/settle.h"
#include "kpatch-build/module/names.h"
#include "kpatch-build/output/summary.h"
#include "kpatch-build/progress.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

enum { BUILT = 0, FAILED = 1, REFUSED = 2, UNCHANGED = 3 };

/* A folder or a mailbox has a name for all of its fixes; several files have that of the first. */
static char *name_of_all(const struct build *build, const struct fixes *fixes)
{
	const struct options *options = &build->options;
	const char *given = options->n_given == 1 ? options->given[0] : NULL;
	char *path = given && strcmp(given, "-") ? realpath(given, NULL) : NULL, *name;

	if (options->name)
		return strdup(options->name);
	if (path && (build->n_inputs > 1 || build->inputs[0].has_name))
		name = name_from_path(path);
	else if (build->inputs[0].has_name)
		name = name_from_path(build->inputs[0].name);
	else
		name = name_from_subject(fixes->list[0].message.subject);
	free(path);
	return name;
}

static int prepare(struct each *each)
{
	struct build *build = each->build;
	ssize_t n = readlink("/proc/self/exe", each->self, sizeof(each->self) - 1);
	int err;

	if (n < 0)
		return diag_errno(build->diag, errno, "/proc/self/exe", "read");
	each->self[n] = '\0';
	err = find_tools(build);
	err = err ?: make_work(build);
	err = err ?: fixes_read(build, &each->fixes);
	if (err)
		return err;
	each->order = calloc(each->fixes.n + 1, sizeof(*each->order));
	each->name = name_of_all(build, &each->fixes);
	each->store = path_join(build->work, "store", NULL);
	if (!each->order || !each->name || !each->store)
		return diag_oom(build->diag);
	build->options.name = *each->name ? each->name : NULL;
	/* before anything is tried for a folder that can't be written in the end */
	return name_livepatch(build) ?: check_output(build);
}

/* KS397 for each that isn't in; true if there are any. */
static bool refuse_left_out(struct each *each)
{
	bool any = false;

	for (size_t i = 0; i < each->fixes.n; i++) {
		const struct fix *fix = &each->fixes.list[i];
		struct diag_place place = { .file = fix->name };

		if (fix_is_in(fix) || fix->fate == FIX_NOT_NEEDED)
			continue;
		diag_error(each->build->diag, "KS397", &place, "%s", fix->message.subject);
		diag_detail(each->build->diag, "%s", fix->why ?: "");
		any = true;
	}
	return any;
}

static size_t count_in(const struct fixes *fixes)
{
	size_t n = 0;

	for (size_t i = 0; i < fixes->n; i++)
		n += fixes->list[i].fate == FIX_IN;
	return n;
}

/* Build those that are in; *@last: what became of it. */
static int build_rest(struct each *each, struct trial *last)
{
	json_t *rows = fixes_to_rows(&each->fixes, ROWS_OF_MANIFEST);
	bool *in = calloc(each->fixes.n + 1, sizeof(*in));
	int err = rows && in ? 0 : diag_oom(each->build->diag);

	for (size_t i = 0; in && i < each->fixes.n; i++)
		in[i] = fix_is_in(&each->fixes.list[i]);
	progress_step(each->build->progress, "build %zu fix%s together", count_in(&each->fixes),
		      count_in(&each->fixes) == 1 ? "" : "es");
	progress_end(each->build->progress);
	err = err ?: try_fixes(each, PART_LAST, in, rows, last);
	json_decref(rows);
	free(in);
	return err;
}

static int code_of(const struct trial *last)
{
	return json_integer_value(json_object_get(last->result, "exit"));
}

/* Returns the exit code. */
static int build_all(struct each *each, struct trial *last)
{
	while (count_in(&each->fixes)) {
		if (each->build->options.each_must_build && refuse_left_out(each))
			return REFUSED;
		trial_end(last);
		if (build_rest(each, last))
			return FAILED;
		if (last->verdict == VERDICT_ERROR)
			return code_of(last) ?: FAILED;
		if (last->verdict != VERDICT_MISFIT && last->verdict != VERDICT_REFUSED)
			return code_of(last);
		if (leave_out_culprit(each, last))
			return FAILED;
	}
	trial_end(last);
	return refuse_left_out(each) ? REFUSED : UNCHANGED;
}

/* The document of --json: that of the last run, with the table, and our own steps and errors. */
static json_t *document_of(struct each *each, const struct trial *last, int code)
{
	struct build *build = each->build;
	json_t *own = summary_to_json(build, code), *all, *rows;

	all = last->result ? json_deep_copy(last->result) : json_incref(own);
	rows = fixes_to_rows(&each->fixes, ROWS_WITH_DIAGNOSTICS);
	if (all != own) {
		json_t *diagnostics = json_copy(json_object_get(own, "diagnostics"));

		/* first, as "caused_by" of the others are indices */
		json_array_extend(json_object_get(all, "diagnostics"), diagnostics);
		json_decref(diagnostics);
		json_object_set(all, "exit", json_object_get(own, "exit"));
		json_object_set(all, "result", json_object_get(own, "result"));
		if (json_object_get(own, "event"))
			json_object_set(all, "event", json_object_get(own, "event"));
		json_object_set(all, "steps", json_object_get(own, "steps"));
		json_object_set(all, "seconds", json_object_get(own, "seconds"));
	}
	json_object_set_new(all, "fixes", rows);
	json_decref(own);
	return all;
}

static int say(struct each *each, const struct trial *last, int code)
{
	const struct options *options = &each->build->options;
	json_t *all = document_of(each, last, code);
	int err = all ? 0 : diag_oom(each->build->diag);

	if (!err && options->result && json_dump_file(all, options->result, JSON_INDENT(2)))
		err = diag_errno(each->build->diag, errno ?: EIO, options->result, "write");
	if (!options->json)
		diag_print(each->build->diag, stderr);
	if (options->json) {
		json_dumpf(all, stdout, options->events ? JSON_COMPACT : JSON_INDENT(2));
		putchar('\n');
	} else if (code != FAILED && each->fixes.n) { /* after an error nothing is decided */
		rows_print(json_object_get(all, "fixes"), stdout);
		if (code == BUILT)
			printf("%s\n", json_string_value(json_object_get(all, "output"))
					       ?: "checked, not built");
	}
	json_decref(all);
	return err ? FAILED : code;
}

static void each_free(struct each *each)
{
	fixes_free(&each->fixes);
	free(each->order);
	free(each->name);
	free(each->store);
}

int build_of_each(struct build *build, char **argv)
{
	struct each each = { .build = build, .arguments = argv + 1 };
	struct trial last = { 0 };
	int code = FAILED, err = prepare(&each);

	if (err && diag_has_error_of_class(build->diag, DIAG_REFUSAL))
		code = REFUSED;
	err = err ?: choose_fixes(&each);
	if (!err)
		code = build_all(&each, &last);
	progress_end(build->progress);
	code = say(&each, &last, code);
	trial_end(&last);
	each_free(&each);
	return code;
}
