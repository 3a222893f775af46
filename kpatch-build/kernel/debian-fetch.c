// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatches are built for kernels that run elsewhere, on machines where the
 * builder isn't root. So packages are downloaded with the user's rights and
 * unpacked into the cache, not installed. An old kernel vanishes from the
 * archive when a new one arrives: packages that are in a folder already, whole,
 * are taken without asking any archive.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/kernel/apt.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/debian-fetch.h"
#include "kpatch-build/kernel/debian-names.h"
#include "kpatch-build/kernel/debs.h"
#include "kpatch-build/kernel/files.h"
#include "kpatch-build/progress.h"
#include "lib/files.h"
#include "lib/text.h"

/* Of the release, and unpacked into one root; the first has the version of all. */
static const char *const parts[] = { "linux-image-%s", "linux-image-%s-dbg", "linux-headers-%s" };

#define N_PARTS (ARRAY_SIZE(parts))

/* Unpacked source (1.6 GB of 6.12), the prepared tree, an index and some units. */
#define ROOM_TO_WORK (2500LL << 20)

/* In --packages, or in what was downloaded before. *@deb is NULL if it isn't there. Caller frees. */
static int find_local(struct build *build, const char *package, const char *version, char **deb)
{
	char *cached = path_join(build->kernel.cache, "debs", NULL);

	if (!cached)
		return diag_oom(build->diag);
	*deb = build->options.packages ? find_deb(build->options.packages, package, version) : NULL;
	*deb = *deb ?: find_deb(cached, package, version);
	free(cached);
	return 0;
}

/* Files of all parts in this version, those that are there; @missing may be NULL. */
static int find_parts(struct build *build, const char *version, struct words *debs,
		      struct words *missing)
{
	int err = 0;

	for (size_t i = 0; i < N_PARTS && !err; i++) {
		char *package = format(parts[i], build->kernel.release), *deb = NULL;

		err = package ? find_local(build, package, version, &deb) : diag_oom(build->diag);
		if (deb)
			words_add(debs, deb);
		else if (!err && missing)
			words_add(missing, package);
		free(deb);
		free(package);
	}
	return err ?: words_done(debs, build->diag);
}

/* "linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb": a version of which all parts are there. */
static int newest_version_in(struct build *build, const char *folder, char **version)
{
	char *pattern = format("linux-image-%s_*_*.deb", build->kernel.release);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int err = pattern ? 0 : diag_oom(build->diag);

	while (dir && !err && (entry = readdir(dir))) {
		char *at = strchr(entry->d_name, '_'), *one;
		struct words debs = { 0 };

		if (fnmatch(pattern, entry->d_name, 0))
			continue;
		one = strndup(at + 1, strcspn(at + 1, "_"));
		err = one ? find_parts(build, one, &debs, NULL) : diag_oom(build->diag);
		if (!err && debs.n == N_PARTS && (!*version || strverscmp(one, *version) > 0)) {
			free(*version);
			*version = one;
			one = NULL;
		}
		free(one);
		words_free(&debs);
	}
	if (dir)
		closedir(dir);
	free(pattern);
	return err;
}

static int find_local_version(struct build *build, char **version)
{
	char *cached = path_join(build->kernel.cache, "debs", NULL);
	int err = cached ? 0 : diag_oom(build->diag);

	if (!err && build->options.packages)
		err = newest_version_in(build, build->options.packages, version);
	if (!err && !*version)
		err = newest_version_in(build, cached, version);
	free(cached);
	return err;
}

/* The first archive that has @package ("name" or "name=version"): the system's, or a suite's. */
static int find_archive(struct build *build, const char *package, struct apt *apt, char **record)
{
	const struct kernel *kernel = &build->kernel;
	bool asked = !kernel->suite;
	int err = -ENOENT;

	if (asked) {
		apt_open(build, NULL, apt);
		err = apt_show_one(build, apt, package, record);
	}
	for (size_t i = 0; i < n_suites && err == -ENOENT; i++) {
		if (kernel->suite ? strcmp(kernel->suite, suites[i].name)
				  : !suite_has_release(&suites[i], kernel->release))
			continue;
		asked = true;
		err = apt_open(build, &suites[i], apt);
		if (err)
			return err;
		err = apt_show_one(build, apt, package, record);
		if (err)
			apt_close(apt);
	}
	if (!err)
		return 0;
	diag_error(build->diag, "KS305", NULL, "%s", package);
	if (err != -ENOENT)
		diag_detail(build->diag, "apt-cache can't be run");
	else if (!kernel->suite)
		diag_detail(build->diag,
			    "asked: the system's archives, and suites that its name is of");
	return -ENOENT;
}

/* The archive keeps the debug information of the last ten kernels or so, and the others longer. */
static int check_records(struct build *build, const struct words *packages, const char *records)
{
	int err = 0;

	for (size_t i = 0; i < packages->n && !err; i++) {
		int n = strcspn(packages->list[i], "=");
		char *line = format("Package: %.*s\n", n, packages->list[i]);

		if (!line) {
			err = diag_oom(build->diag);
		} else if (!strstr(records, line)) {
			err = diag_error(build->diag, "KS305", NULL, "%s", packages->list[i]);
			diag_detail(build->diag, "there are others of the kernel's packages");
		}
		free(line);
	}
	return err;
}

/* What is missing of @packages, one after the other: what has come is kept when the next one fails. */
static int download(struct build *build, const struct apt *apt, const struct words *packages,
		    const char *version)
{
	char *debs = path_join(build->kernel.cache, "debs", NULL);
	struct words missing = { 0 };
	char *records = NULL, *deb;
	int err = debs ? 0 : diag_oom(build->diag);

	for (size_t i = 0; i < packages->n && !err; i++) {
		err = find_local(build, packages->list[i], version, &deb);
		if (!err && !deb)
			words_addf(&missing, "%s=%s", packages->list[i], version);
		free(err ? NULL : deb);
	}
	err = err ?: words_done(&missing, build->diag);
	if (!err && missing.n) {
		err = apt_show(build, apt, &missing, &records);
		if (!err || err == -ENOENT)
			err = check_records(build, &missing, records ?: "")
				      ?: debs_check_room(build, records, ROOM_TO_WORK);
	}
	if (!err && (err = make_dirs(debs)))
		diag_errno(build->diag, -err, debs, "make");
	for (size_t i = 0; i < missing.n && !err; i++) {
		progress_step(build->progress, "download %s (%zu of %zu)", missing.list[i], i + 1,
			      missing.n);
		err = apt_download(build, apt, missing.list[i], debs);
	}
	free(records);
	words_free(&missing);
	free(debs);
	return err;
}

/* The source comes along: it vanishes from the archive together with them. */
static int download_kernel(struct build *build, char **version)
{
	const char *release = build->kernel.release;
	char *series = kernel_series(release), *image = format(parts[0], release), *record = NULL;
	struct words packages = { 0 };
	struct apt apt;
	int err;

	err = image ? 0 : diag_oom(build->diag);
	if (!err && !series)
		err = diag_error(build->diag, "KS305", NULL, "%s", release);
	err = err ?: find_archive(build, image, &apt, &record);
	if (!err) {
		*version = apt_field(record, "Version");
		for (size_t i = 0; i < N_PARTS; i++)
			words_addf(&packages, parts[i], release);
		words_addf(&packages, "linux-source-%s", series);
		err = *version ? words_done(&packages, build->diag) : diag_oom(build->diag);
		err = err ?: download(build, &apt, &packages, *version);
		apt_close(&apt);
	}
	words_free(&packages);
	free(record);
	free(image);
	free(series);
	return err;
}

static int report_not_in_folder(struct build *build)
{
	diag_error(build->diag, "KS387", NULL, "%s", build->options.packages);
	for (size_t i = 0; i < N_PARTS; i++) {
		char *package = format(parts[i], build->kernel.release);

		diag_detail(build->diag, "wanted, of one version: %s", package ?: "");
		free(package);
	}
	return -ENOENT;
}

/* With the kernel's lock held. */
static int bring_root(struct build *build)
{
	struct words debs = { 0 };
	char *version = NULL;
	int err = find_local_version(build, &version);

	if (!err && !version)
		err = build->options.packages ? report_not_in_folder(build)
					      : download_kernel(build, &version);
	err = err ?: find_parts(build, version, &debs, NULL);
	if (!err && debs.n < N_PARTS)
		err = diag_error(build->diag, "KS306", NULL, "%s %s", build->kernel.release,
				 version);
	err = err ?: unpack_debs(build, &debs, build->kernel.root);
	words_free(&debs);
	free(version);
	return err;
}

int debian_fetch(struct build *build)
{
	int err = make_dirs(build->kernel.dir);

	if (err)
		return diag_errno(build->diag, -err, build->kernel.dir, "make");
	err = kernel_lock(build);
	if (err)
		return err;
	/* another run may have brought it while this one waited */
	if (!cached_root_is_complete(build))
		err = bring_root(build);
	kernel_unlock(build);
	return err;
}

static int download_source(struct build *build, const char *package)
{
	char *exact = format("%s=%s", package, build->kernel.version), *record = NULL;
	struct words packages = { 0 };
	struct apt apt;
	int err = exact ? find_archive(build, exact, &apt, &record) : diag_oom(build->diag);

	if (!err) {
		words_add(&packages, package);
		err = words_done(&packages, build->diag);
		err = err ?: download(build, &apt, &packages, build->kernel.version);
		apt_close(&apt);
	}
	words_free(&packages);
	free(record);
	free(exact);
	return err;
}

int debian_source_deb(struct build *build, char **deb)
{
	char *series = kernel_series(build->kernel.release);
	char *package = series ? format("linux-source-%s", series) : NULL;
	int err = package ? 0 : diag_oom(build->diag);

	err = err ?: find_local(build, package, build->kernel.version, deb);
	if (!err && !*deb && build->options.fetch && !build->options.packages) {
		err = download_source(build, package);
		err = err ?: find_local(build, package, build->kernel.version, deb);
	}
	free(package);
	free(series);
	return err;
}
