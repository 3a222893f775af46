// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tree that was only half prepared compiles most units, and some of them
 * wrongly. Preparing takes long enough to be interrupted, or to fill the disk.
 *
 * So the source is unpacked under another name and renamed when it is complete.
 * The files of the build tree contain their own path, so that tree can't be
 * renamed: it gets a stamp as its last file, and without the right stamp it is
 * made again from nothing. All this is done under one lock per kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/distro.h"
#include "kpatch-build/kernel/given.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "lib/temporary.h"

#define STAMP ".klp-split-prepared"

/* The banner must begin with the Makefile's VERSION.PATCHLEVEL.SUBLEVEL. */
static int check_source_version(const struct kernel *kernel, const char *source, struct diag *diag)
{
	int version = 0, patchlevel = 0, sublevel = 0, err;
	char *path = path_join(source, "Makefile", NULL), *text = NULL, *expect;
	size_t size, n;

	err = path ? read_file(path, &text, &size) : -ENOMEM;
	if (err)
		diag_errno(diag, -err, path ?: source, "read");
	free(path);
	if (err)
		return err;
	for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		sscanf(at, "VERSION = %d", &version);
		sscanf(at, "PATCHLEVEL = %d", &patchlevel);
		sscanf(at, "SUBLEVEL = %d", &sublevel);
		if (str_starts(at, "NAME = "))
			break;
	}
	free(text);
	expect = format("%d.%d.%d", version, patchlevel, sublevel);
	n = expect ? strlen(expect) : 0;
	if (!expect)
		err = diag_oom(diag);
	else if (strncmp(expect, kernel->version, n) ||
		 (kernel->version[n] >= '0' && kernel->version[n] <= '9'))
		err = diag_error(diag, "KS308", NULL, "%s is Linux %s, the kernel is %s", source,
				 expect, kernel->version);
	free(expect);
	return err;
}

static int unpack_source(const struct job *job, struct kernel *kernel)
{
	char *archive = NULL, *temp = NULL, *tree = NULL;
	int err;

	err = make_temp_dir(kernel->dir, ".source-", &temp);
	if (err)
		diag_errno(job->diag, -err, kernel->dir, "write");
	else if (!(tree = path_join(temp, "tree", NULL)) || make_dirs(tree))
		err = diag_errno(job->diag, errno ?: ENOMEM, temp, "write");
	err = err ?: kernel->distro->find_source(job, kernel, temp, &archive);
	if (!err) {
		const char *argv[] = { "tar",
				       "--no-same-owner",
				       "--strip-components=1",
				       "-xf",
				       archive,
				       "-C",
				       tree,
				       NULL };

		progress_step(job->progress, "unpack the source of %s", kernel->version);
		err = run(job, "KS307", archive, NULL, argv, NULL);
	}
	err = err ?: check_source_version(kernel, tree, job->diag);
	if (!err && rename(tree, kernel->source))
		err = diag_errno(job->diag, errno, kernel->source, "write");
	if (temp)
		remove_tree(temp);
	free(tree);
	free(temp);
	free(archive);
	return err;
}

/* What a prepared tree was made from. A tree with another stamp is not used. */
static char *stamp_text(const struct kernel *kernel, const char *config_digest)
{

	return format("klp-split 1\nrelease %s\nversion %s\nbuild-id %s\nconfig %s\ncompiler %s\n"
		      "source %s%s%s\nflags " SECTION_FLAGS "\n",
		      kernel->release, kernel->version, kernel->build_id, config_digest,
		      kernel->cc_version, kernel->source, kernel->source_digest ? " " : "",
		      kernel->source_digest ?: "");
}

static bool stamp_fits(const char *path, const char *expect)
{
	char *have;
	size_t size;
	bool same;

	if (read_file(path, &have, &size))
		return false;
	same = !strcmp(have, expect);
	free(have);
	return same;
}

/*
 * Compare the configuration after each make: options that kbuild drops show before anything is
 * compiled.
 */
static int make_targets(const struct job *job, const struct kernel *kernel,
			const struct oot_module *oot, const char *const *targets)
{
	struct strvec argv = { 0 };
	int err;

	kbuild_command(job, kernel, oot, &argv);
	for (; *targets; targets++)
		strvec_add(&argv, *targets);
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS310", "prepare", NULL, argv.list, NULL);
	strvec_free(&argv);
	return err ?: config_is_unchanged(kernel, job->diag);
}

static int make_build_tree(const struct job *job, const struct kernel *kernel,
			   const struct oot_module *oot)
{
	static const char *const configure[] = { "olddefconfig", NULL };
	static const char *const prepare[] = { "prepare", "modules_prepare", NULL };
	char *config = path_join(kernel->build, ".config", NULL);
	char *symvers = path_join(kernel->build, "Module.symvers", NULL);
	int err;

	progress_step(job->progress, "prepare the build tree");
	err = config && symvers ? remove_tree(kernel->build) : -ENOMEM;
	err = err ?: make_dirs(kernel->build);
	err = err ?: copy_file(kernel->config, config);
	err = err ?: copy_file(kernel->symvers, symvers);
	if (err)
		diag_errno(job->diag, -err, kernel->build, "write");
	err = err ?: make_targets(job, kernel, oot, configure);
	err = err ?: make_targets(job, kernel, oot, prepare);
	free(symvers);
	free(config);
	return err;
}

/* The stamp that the tree must have, and its path; caller frees both. */
static int expected_stamp(const struct job *job, const struct kernel *kernel, char **path,
			  char **stamp)
{
	char *digest;
	int err = run_sha256(job, kernel->config, &digest);

	if (err)
		return err;
	*path = path_join(kernel->build, STAMP, NULL);
	*stamp = stamp_text(kernel, digest);
	free(digest);
	return *path && *stamp ? 0 : diag_oom(job->diag);
}

static int prepare_build(const struct job *job, const struct kernel *kernel,
			 const struct oot_module *oot)
{
	char *path = NULL, *stamp = NULL;
	int err = expected_stamp(job, kernel, &path, &stamp);

	if (!err && !stamp_fits(path, stamp)) {
		/* units that were compiled in another tree belong to that tree */
		char *units = path_join(kernel->dir, "units", NULL);

		err = units ? remove_tree(units) : -ENOMEM;
		err = err ? diag_errno(job->diag, -err, kernel->dir, "clean") : 0;
		free(units);
		err = err ?: make_build_tree(job, kernel, oot);
		if (!err && (err = write_file_atomic(path, stamp, strlen(stamp), 0644)))
			diag_errno(job->diag, -err, path, "write");
	}
	free(stamp);
	free(path);
	return err;
}

/*
 * kbuild asks the system for its folder, and gets a path without links, which is in all commands.
 */
static int resolve_path(char **path, struct diag *diag)
{
	char *real = realpath(*path, NULL);

	if (!real)
		return diag_errno(diag, errno, *path, "look at");
	free(*path);
	*path = real;
	return 0;
}

/*
 * Check the usual case without the lock: stamp and index are both written last, so there is no need
 * to wait for a run that is compiling a hundred originals.
 */
static int look_if_prepared(const struct job *job, struct kernel *kernel, bool *prepared)
{
	struct unit_index index = { 0 };
	char *path = NULL, *stamp = NULL;
	int err = 0;

	*prepared = false;
	if (kernel->given.source || !path_exists(kernel->source) || !path_exists(kernel->build))
		return 0;
	err = resolve_path(&kernel->source, job->diag);
	err = err ?: resolve_path(&kernel->build, job->diag);
	err = err ?: expected_stamp(job, kernel, &path, &stamp);
	if (!err && stamp_fits(path, stamp)) {
		err = unit_index_load(kernel->index, kernel->build_id, &index, job->diag);
		*prepared = !err;
		err = err == -ENOENT ? 0 : err;
		unit_index_free(&index);
	}
	free(stamp);
	free(path);
	return err;
}

int prepare_kernel(struct build *build)
{
	struct process index = { 0 };
	bool prepared;
	int err;

	err = look_if_prepared(&build->job, &build->kernel, &prepared);
	if (err)
		return err;
	if (prepared)
		return check_source_version(&build->kernel, build->kernel.source, build->diag);
	err = kernel_lock(&build->job, &build->kernel);
	if (err)
		return err;
	if (build->kernel.given.source)
		err = prepare_given_source(&build->job, &build->kernel)
			      ?: check_source_version(&build->kernel, build->kernel.source,
						      build->diag);
	else if (!path_exists(build->kernel.source))
		err = unpack_source(&build->job, &build->kernel);
	else
		err = check_source_version(&build->kernel, build->kernel.source, build->diag);
	err = err ?: resolve_path(&build->kernel.source, build->diag);
	if (!err && (err = make_dirs(build->kernel.build)))
		diag_errno(build->diag, -err, build->kernel.build, "make");
	err = err ?: resolve_path(&build->kernel.build, build->diag);
	err = err ?: begin_unit_index(build, &index);
	err = err ?: prepare_build(&build->job, &build->kernel, &build->oot);
	err = end_unit_index(build, &index, err);
	kernel_unlock(&build->kernel);
	return err;
}
