// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that applies the diffs to a tree of links of their own (shadow.h).
 *
 * A livepatch must change what its author changed. By default patch(1) accepts
 * hunks whose context has changed ("fuzz"); the result compiles, and is right
 * only by luck. Here a hunk may have moved, but its context must be unchanged.
 */
#include <errno.h>
#include <stdlib.h>

#include "kpatch-build/build.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/misfits.h"
#include "kpatch-build/source/shadow.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"

/*
 * Run patch(1) with the options of all our calls and @how; 0, -ECHILD if the diff doesn't apply,
 * other negative errno. The caller ends @process.
 */
static int run_patch(const struct trees *trees, const struct diff *diff, const char *const *how,
		     struct process *process)
{
	char *absolute = realpath(diff->applied, NULL);
	struct strvec argv = { 0 };
	int err;

	if (!absolute)
		return -errno;
	strvec_add(&argv, "patch");
	strvec_add(&argv, "-p1");
	strvec_add(&argv, "--unified");
	strvec_add(&argv, "--fuzz=0");
	strvec_add(&argv, "--reject-file=-");
	strvec_addf(&argv, "--directory=%s", trees->shadow);
	strvec_addf(&argv, "--input=%s", absolute);
	for (; *how; how++)
		strvec_add(&argv, *how);
	err = argv.failed ? -ENOMEM : 0;
	if (!err) {
		process->argv = argv.list;
		err = process_run(process);
		process->argv = NULL;
	}
	strvec_free(&argv);
	free(absolute);
	return err;
}

static bool would_apply(const struct trees *trees, const struct diff *diff, const char *const *how)
{
	struct process process = { 0 };
	int err = run_patch(trees, diff, how, &process);

	process_end(&process);
	return !err;
}

/*
 * Does the source already have the whole of @diff? Then it can be reversed, and can't be applied.
 * Checked in the untouched source, since patch(1) applies the hunks that it can. --force: patch(1)
 * must not guess the direction.
 */
static bool is_there(const struct trees *trees, const struct diff *diff)
{
	static const char *const back[] = { "--reverse", "--force", "--dry-run", NULL };
	static const char *const forth[] = { "--forward", "--batch", "--dry-run", NULL };

	if (!diff->counts)
		return true;
	return would_apply(trees, diff, back) && !would_apply(trees, diff, forth);
}

/* The output of patch(1) is reported only if the misfits can't be found. */
static int report_misfits(const struct kernel *kernel, const struct trees *trees, struct diag *diag,
			  const struct diff *diff, const char *log)
{
	static const char *const messages[] = {
		[MISFIT_DIFFERS] = "%s",
		[MISFIT_IN_KERNEL] = "%s has this change already",
		[MISFIT_IN_DIFFS] = "%s itself doesn't have it",
	};
	struct diag_place place = { .file = diff->path };
	struct misfits misfits;
	char *message;
	int err = misfits_find(trees, diff, log, &misfits);

	message = err ? NULL : format(messages[misfits.is], kernel->release);
	if (!message) {
		err = diag_oom(diag);
	} else {
		err = diag_error(diag, misfits.is == MISFIT_IN_DIFFS ? "KS329" : "KS323", &place,
				 "%s", message);
		for (size_t i = 0; i < misfits.details.n; i++)
			diag_detail(diag, "%s", misfits.details.list[i]);
		if (!misfits.details.n)
			run_report_log(diag, log);
	}
	free(message);
	misfits_free(&misfits);
	return err;
}

static int apply_diff(const struct kernel *kernel, const struct trees *trees, struct diag *diag,
		      const struct diff *diff)
{
	static const char *const how[] = { "--forward", "--batch", "--no-backup-if-mismatch",
					   NULL };
	struct process process = { 0 };
	int err;

	if (!diff->counts)
		return 0;
	err = run_patch(trees, diff, how, &process);
	if (err == -ECHILD)
		err = report_misfits(kernel, trees, diag, diff, process.log ?: "");
	else if (err)
		diag_errno(diag, -err, "patch", "run");
	process_end(&process);
	return err;
}

/*
 * A kernel with the fix needs no livepatch. If only some of several diffs are in the source, the
 * others may be based on them; applying all of them will tell.
 */
static void look_what_is_there(const struct kernel *kernel, struct series *series,
			       const struct trees *trees, struct diag *diag)
{
	size_t n = 0;

	for (size_t i = 0; i < series->n_diffs; i++) {
		series->diffs[i].is_there = is_there(trees, &series->diffs[i]);
		n += series->diffs[i].is_there;
	}
	if (!n || n < series->n_diffs)
		return;
	for (size_t i = 0; i < series->n_diffs; i++) {
		struct diag_place place = { .file = series->diffs[i].path };

		diag_warning(diag, "KS349", &place, "%s", kernel->release);
	}
	series->nothing_to_do = true;
}

/* Empty the removed files. Their functions then count as removed: removed.c. */
static int empty_removed(const struct series *series, const struct trees *trees, struct diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && !err; i++) {
		char *path;

		if (!series->changes[i].removed)
			continue;
		path = path_join(trees->shadow, series->changes[i].path, NULL);
		err = path ? write_file_atomic(path, "", 0, 0644) : -ENOMEM;
		if (err)
			diag_errno(diag, -err, path ?: trees->shadow, "write");
		free(path);
	}
	return err;
}

int apply_diffs(struct build *build)
{
	const char **paths = calloc(build->n_changes + 1, sizeof(*paths));
	char *failed = NULL;
	int err;

	progress_step(build->progress, "apply %zu diff%s", build->n_diffs,
		      build->n_diffs == 1 ? "" : "s");
	if (!paths)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_changes; i++)
		paths[i] = build->changes[i].path;
	build->original = build->oot.tree ?: build->kernel.source;
	build->shadow = path_join(build->work, "shadow", NULL);
	err = build->shadow ? shadow_make(build->original, build->shadow, paths, build->n_changes,
					  &failed)
			    : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, failed ?: "shadow", "make");
	free(failed);
	free(paths);
	if (!err)
		look_what_is_there(&build->kernel, &build->series, &build->trees, build->diag);
	for (size_t i = 0; i < build->n_diffs && !err && !build->nothing_to_do; i++)
		err = apply_diff(&build->kernel, &build->trees, build->diag, &build->diffs[i]);
	if (!err && !build->nothing_to_do)
		err = empty_removed(&build->series, &build->trees, build->diag);
	return err;
}
