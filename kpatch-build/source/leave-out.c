// SPDX-License-Identifier: GPL-2.0-or-later
/* The pass for --leave-out: see cut.c. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/source/cut.h"
#include "lib/files.h"
#include "lib/text.h"

static bool is_c_file(const struct change *change)
{
	return !change->ignored && !change->makefile && !change->added && !change->removed &&
	       !fnmatch("*.[ch]", change->path, 0);
}

static int leave_out_function(struct build *build, const char *name, struct cuts *cuts)
{
	size_t before = cuts->n;
	int err = 0;

	for (size_t i = 0; i < build->n_changes && !err; i++) {
		if (!is_c_file(&build->changes[i]))
			continue;
		err = cut_function(build, build->changes[i].path, name, cuts);
		if (err == -ENOENT)
			err = 0;
	}
	if (!err && cuts->n == before)
		err = diag_error(build->diag, "KS368", NULL,
				 "'%s' is no function that the diffs change", name);
	return err;
}

static int is_unchanged(struct build *build, const char *path, bool *unchanged)
{
	char *old = path_join(build->original, path, NULL);
	char *new = path_join(build->shadow, path, NULL), *was = NULL, *is = NULL;
	size_t n_was, n_is;
	int err = old && new ? 0 : -ENOMEM;

	err = err ?: read_file(old, &was, &n_was);
	err = err ?: read_file(new, &is, &n_is);
	*unchanged = !err && n_was == n_is && !memcmp(was, is, n_is);
	free(is);
	free(was);
	free(new);
	free(old);
	return err == -ENOENT ? 0 : err;
}

static int forget_unchanged(struct build *build)
{
	bool any = false;
	int err = 0;

	for (size_t i = 0; i < build->n_changes && !err; i++) {
		struct change *change = &build->changes[i];
		bool unchanged = false;

		if (change->ignored)
			continue;
		err = is_unchanged(build, change->path, &unchanged);
		if (err)
			diag_errno(build->diag, -err, change->path, "read");
		change->ignored = unchanged;
		any |= !unchanged;
	}
	if (!err && !any)
		err = diag_error(build->diag, "KS368", NULL, "nothing would be left of the diffs");
	return err;
}

int leave_out_functions(struct build *build)
{
	struct cuts cuts = { 0 };
	int err = 0, one;

	for (size_t i = 0; i < build->options.n_leave_out; i++) {
		one = leave_out_function(build, build->options.leave_out[i], &cuts);
		err = err ?: one;
	}
	err = err ?: check_cuts(build, &cuts);
	for (size_t i = 0; i < cuts.n && !err; i++) {
		struct diag_place place = { cuts.list[i].path, cuts.list[i].line,
					    cuts.list[i].name };

		diag_warning(build->diag, "KS367", &place, "'%s'", cuts.list[i].name);
	}
	if (!err && cuts.n)
		err = forget_unchanged(build);
	cuts_free(&cuts);
	return err;
}
