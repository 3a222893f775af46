// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tree that was prepared only by half compiles most units, and some of them
 * wrongly. Preparing takes long enough to be interrupted, or to fill the disk.
 *
 * So the source is unpacked under another name and renamed when it is whole;
 * the build tree, whose files know their own path and can't be renamed, gets a
 * stamp as its last file, and without the right stamp it is made anew from
 * nothing. All of it under one lock per kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/process.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"

#define STAMP ".klp-split-prepared"

static void tell_waiting(const char *path, void *arg)
{
	struct build *build = arg;

	progress_step(build->progress, "wait for another run on %s", build->kernel.release);
}

/* What a run was making when it was killed: nobody else is making anything here now. */
static void sweep(const char *folder)
{
	static const char *const patterns[] = { ".root[.-]*", ".source[.-]*", ".unit[.-]*" };
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
			char *path;

			if (fnmatch(patterns[i], entry->d_name, 0))
				continue;
			path = path_join(folder, entry->d_name, NULL);
			if (path)
				remove_tree(path);
			free(path);
		}
	}
	if (dir)
		closedir(dir);
}

int kernel_lock(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *path = format("%s/kernels/.%s.lock", kernel->cache, kernel->release);
	int fd;

	if (!path)
		return diag_oom(build->diag);
	fd = make_dirs(kernel->dir) ?: lock_file(path, tell_waiting, build);
	if (fd < 0)
		diag_errno(build->diag, -fd, path, "lock");
	free(path);
	if (fd < 0)
		return fd;
	kernel->lock = fd;
	sweep(kernel->dir);
	return 0;
}

void kernel_unlock(struct build *build)
{
	unlock_file(build->kernel.lock);
	build->kernel.lock = -1;
}

/* The installed archive is used only if its package has the kernel's own version. */
static char *find_installed_archive(struct build *build)
{
	static const char *const endings[] = { "tar.xz", "tar.zst", "tar.gz" };
	char *series = kernel_series(build->kernel.release);
	char *package = series ? format("linux-source-%s", series) : NULL, *archive = NULL;
	const char *argv[] = { "dpkg-query", "-W", "-f", "${Version}", package, NULL };
	struct process process = { .argv = argv };

	if (package && process_run(&process) == 0 && process.log &&
	    !strcmp(process.log, build->kernel.version)) {
		for (size_t i = 0; i < sizeof(endings) / sizeof(*endings) && !archive; i++) {
			archive = format("/usr/src/%s.%s", package, endings[i]);
			if (archive && !path_exists(archive)) {
				free(archive);
				archive = NULL;
			}
		}
	}
	if (package)
		process_end(&process);
	free(package);
	free(series);
	return archive;
}

/* From the deb in the cache, without unpacking it to the disk first: dpkg-deb -x into @temp. */
static int archive_from_deb(struct build *build, const char *deb, const char *temp, char **archive)
{
	char *series = kernel_series(build->kernel.release);
	const char *argv[] = { "dpkg-deb", "-x", deb, temp, NULL };
	int err;

	err = series ? run(build, "KS307", deb, NULL, argv, NULL) : diag_oom(build->diag);
	*archive = err ? NULL : format("%s/usr/src/linux-source-%s.tar.xz", temp, series);
	if (!err && !*archive)
		err = diag_oom(build->diag);
	free(series);
	return err;
}

static int report_no_source(struct build *build)
{
	char *series = kernel_series(build->kernel.release);

	diag_error(build->diag, "KS301", NULL, "the source of %s", build->kernel.version);
	diag_detail(build->diag, "as root: apt install linux-source-%s=%s", series ?: "",
		    build->kernel.version);
	diag_detail(build->diag, "or without root: kpatch-build --fetch …");
	free(series);
	return -ENOENT;
}

/* The Makefile's VERSION.PATCHLEVEL.SUBLEVEL must be what the banner begins with. */
static int check_source_version(struct build *build, const char *source)
{
	int version = 0, patchlevel = 0, sublevel = 0, err;
	char *path = path_join(source, "Makefile", NULL), *text = NULL, *expect;
	size_t size, n;

	err = path ? read_file(path, &text, &size) : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, path ?: source, "read");
	free(path);
	if (err)
		return err;
	for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		sscanf(at, "VERSION = %d", &version);
		sscanf(at, "PATCHLEVEL = %d", &patchlevel);
		sscanf(at, "SUBLEVEL = %d", &sublevel);
		if (!strncmp(at, "NAME = ", 7))
			break;
	}
	free(text);
	expect = format("%d.%d.%d", version, patchlevel, sublevel);
	n = expect ? strlen(expect) : 0;
	if (!expect)
		err = diag_oom(build->diag);
	else if (strncmp(expect, build->kernel.version, n) ||
		 (build->kernel.version[n] >= '0' && build->kernel.version[n] <= '9'))
		err = diag_error(build->diag, "KS308", NULL, "%s is Linux %s, the kernel is %s",
				 source, expect, build->kernel.version);
	free(expect);
	return err;
}

static int unpack_source(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *archive, *deb = NULL, *temp = NULL, *tree = NULL;
	int err;

	archive = find_installed_archive(build);
	if (!archive && !(deb = find_source_deb(build)) && build->options.fetch) {
		err = fetch_source(build);
		if (err)
			return err;
		deb = find_source_deb(build);
	}
	if (!archive && !deb)
		return report_no_source(build);
	progress_step(build->progress, "unpack the source of %s", kernel->version);
	err = make_temp_dir(kernel->dir, ".source-", &temp);
	if (err)
		diag_errno(build->diag, -err, kernel->dir, "write");
	else if (!(tree = path_join(temp, "tree", NULL)) || make_dirs(tree))
		err = diag_errno(build->diag, errno ?: ENOMEM, temp, "write");
	if (!err && deb)
		err = archive_from_deb(build, deb, temp, &archive);
	if (!err) {
		const char *argv[] = { "tar", "--no-same-owner", "--strip-components=1", "-xf",
				       archive, "-C", tree, NULL };

		err = run(build, "KS307", archive, NULL, argv, NULL);
	}
	err = err ?: check_source_version(build, tree);
	if (!err && rename(tree, kernel->source))
		err = diag_errno(build->diag, errno, kernel->source, "write");
	if (temp)
		remove_tree(temp);
	free(tree);
	free(temp);
	free(archive);
	free(deb);
	return err;
}

/* What a prepared tree was made from; a tree with another stamp is not used. */
static char *stamp_text(struct build *build, const char *config_digest)
{
	struct kernel *kernel = &build->kernel;

	return format("klp-split 1\nrelease %s\nversion %s\nbuild-id %s\nconfig %s\ncompiler %s\n"
		      "source %s%s%s\nflags " SECTION_FLAGS "\n", kernel->release, kernel->version,
		      kernel->build_id, config_digest, kernel->cc_version, kernel->source,
		      kernel->source_digest ? " " : "", kernel->source_digest ?: "");
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

/* kbuild writes what it finds of these programs into the configuration. */
static const struct {
	const char *option, *package;
} tools[] = {
	{ "CONFIG_CC_VERSION_TEXT=", "the compiler that built the kernel, gcc-VERSION" },
	{ "CONFIG_LD_VERSION=", "binutils" },
	{ "CONFIG_AS_VERSION=", "binutils" },
	{ "CONFIG_PAHOLE_VERSION=", "pahole" },
};

static void suggest_package(struct diag *diag, const char *line)
{
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++)
		if (!strncmp(line, tools[i].option, strlen(tools[i].option)))
			diag_detail(diag, "package: %s", tools[i].package);
}

int config_is_unchanged(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *path = path_join(kernel->build, ".config", NULL), *now = NULL, *shipped = NULL;
	const char *a, *b;
	size_t size;
	int err;

	if (!path)
		return diag_oom(build->diag);
	if ((err = read_file(path, &now, &size)))
		diag_errno(build->diag, -err, path, "read");
	else if ((err = read_file(kernel->config, &shipped, &size)))
		diag_errno(build->diag, -err, kernel->config, "read");
	if (!err && strcmp(now, shipped)) {
		for (a = now, b = shipped; *a && *a == *b;)
			a++, b++;
		while (a > now && a[-1] != '\n')
			a--, b--;
		err = diag_error(build->diag, "KS309", NULL, "%s", kernel->config);
		diag_detail(build->diag, "shipped: %.*s", (int)strcspn(b, "\n"), b);
		diag_detail(build->diag, "now:     %.*s", (int)strcspn(a, "\n"), a);
		suggest_package(build->diag, b);
	}
	free(path);
	free(now);
	free(shipped);
	return err;
}

/* Compares the configuration after each make: what kbuild drops shows before anything is compiled. */
static int make_targets(struct build *build, const char *const *targets)
{
	struct words argv = { 0 };
	int err;

	kbuild_command(build, &argv);
	for (; *targets; targets++)
		words_add(&argv, *targets);
	err = words_done(&argv, build->diag);
	err = err ?: run(build, "KS310", "prepare", NULL, argv.list, NULL);
	words_free(&argv);
	return err ?: config_is_unchanged(build);
}

static int make_build_tree(struct build *build)
{
	static const char *const configure[] = { "olddefconfig", NULL };
	static const char *const prepare[] = { "prepare", "modules_prepare", NULL };
	struct kernel *kernel = &build->kernel;
	char *config = path_join(kernel->build, ".config", NULL);
	char *symvers = path_join(kernel->build, "Module.symvers", NULL);
	int err;

	progress_step(build->progress, "prepare the build tree");
	err = config && symvers ? remove_tree(kernel->build) : -ENOMEM;
	err = err ?: make_dirs(kernel->build);
	err = err ?: copy_file(kernel->config, config);
	err = err ?: copy_file(kernel->symvers, symvers);
	if (err)
		diag_errno(build->diag, -err, kernel->build, "write");
	err = err ?: make_targets(build, configure);
	err = err ?: make_targets(build, prepare);
	free(symvers);
	free(config);
	return err;
}

/* The stamp that the tree must have; caller frees both. */
static int expected_stamp(struct build *build, char **path, char **stamp)
{
	char *digest;
	int err = run_sha256(build, build->kernel.config, &digest);

	if (err)
		return err;
	*path = path_join(build->kernel.build, STAMP, NULL);
	*stamp = stamp_text(build, digest);
	free(digest);
	return *path && *stamp ? 0 : diag_oom(build->diag);
}

static int prepare_build(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *path = NULL, *stamp = NULL;
	int err = expected_stamp(build, &path, &stamp);

	if (!err && !stamp_fits(path, stamp)) {
		/* what was compiled in another tree belongs to that tree */
		char *units = path_join(kernel->dir, "units", NULL);

		err = units ? remove_tree(units) : -ENOMEM;
		err = err ? diag_errno(build->diag, -err, kernel->dir, "clean") : 0;
		free(units);
		err = err ?: make_build_tree(build);
		if (!err && (err = write_file_atomic(path, stamp, strlen(stamp), 0644)))
			diag_errno(build->diag, -err, path, "write");
	}
	free(stamp);
	free(path);
	return err;
}

/* kbuild asks the system where it is, and gets a path without links: it is in all commands. */
static int resolve_path(struct build *build, char **path)
{
	char *real = realpath(*path, NULL);

	if (!real)
		return diag_errno(build->diag, errno, *path, "look at");
	free(*path);
	*path = real;
	return 0;
}

/*
 * The usual case, seen without the lock: both stamp and index are written last, and whoever compiles
 * a hundred originals just now need not be waited for.
 */
static int look_if_prepared(struct build *build, bool *prepared)
{
	struct kernel *kernel = &build->kernel;
	struct unit_index index = { 0 };
	char *path = NULL, *stamp = NULL;
	int err = 0;

	*prepared = false;
	if (kernel->given.source || !path_exists(kernel->source) || !path_exists(kernel->build))
		return 0;
	err = resolve_path(build, &kernel->source);
	err = err ?: resolve_path(build, &kernel->build);
	err = err ?: expected_stamp(build, &path, &stamp);
	if (!err && stamp_fits(path, stamp)) {
		err = unit_index_load(kernel->index, kernel->build_id, &index, build->diag);
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

	err = look_if_prepared(build, &prepared);
	if (err)
		return err;
	if (prepared)
		return check_source_version(build, build->kernel.source);
	err = kernel_lock(build);
	if (err)
		return err;
	if (build->kernel.given.source)
		err = prepare_given_source(build) ?: check_source_version(build, build->kernel.source);
	else if (!path_exists(build->kernel.source))
		err = unpack_source(build);
	else
		err = check_source_version(build, build->kernel.source);
	err = err ?: resolve_path(build, &build->kernel.source);
	if (!err && (err = make_dirs(build->kernel.build)))
		diag_errno(build->diag, -err, build->kernel.build, "make");
	err = err ?: resolve_path(build, &build->kernel.build);
	err = err ?: begin_unit_index(build, &index);
	err = err ?: prepare_build(build);
	err = end_unit_index(build, &index, err);
	kernel_unlock(build);
	return err;
}
