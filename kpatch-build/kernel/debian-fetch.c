// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatches are built for kernels that run elsewhere, on machines where the
 * builder isn't root. So packages are downloaded with the user's permissions
 * and unpacked into the cache, not installed. An old kernel disappears from the
 * archive when a new one arrives: complete packages that are already in a
 * folder are used without asking any archive.
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
#include "lib/strvec.h"
#include "lib/text.h"

/* Named after the release, and unpacked into one root; the first one determines the version. */
static const char *const parts[] = { "linux-image-%s", "linux-image-%s-dbg", "linux-headers-%s" };

#define N_PARTS (ARRAY_SIZE(parts))

/* Unpacked source (1.6 GB for 6.12), the prepared tree, an index and some units. */
#define ROOM_TO_WORK (2500LL << 20)

/*
 * Look in --packages, and among earlier downloads. *@deb is NULL if it isn't there. Caller frees.
 */
static int find_local(const struct job *job, const struct kernel *kernel, const char *package,
		      const char *version, char **deb)
{
	char *cached = path_join(kernel->cache, "debs", NULL);

	if (!cached)
		return diag_oom(job->diag);
	*deb = job->options.packages ? find_deb(job->options.packages, package, version) : NULL;
	*deb = *deb ?: find_deb(cached, package, version);
	free(cached);
	return 0;
}

/* Find the files of all parts in this version, as far as they exist; @missing may be NULL. */
static int find_parts(const struct job *job, const struct kernel *kernel, const char *version,
		      struct strvec *debs, struct strvec *missing)
{
	int err = 0;

	for (size_t i = 0; i < N_PARTS && !err; i++) {
		char *package = format(parts[i], kernel->release), *deb = NULL;

		err = package ? find_local(job, kernel, package, version, &deb)
			      : diag_oom(job->diag);
		if (deb)
			strvec_add(debs, deb);
		else if (!err && missing)
			strvec_add(missing, package);
		free(deb);
		free(package);
	}
	return err ?: strvec_done(debs, job->diag);
}

/*
 * "linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb": the newest version of which all parts
 * exist.
 */
static int newest_version_in(const struct job *job, const struct kernel *kernel, const char *folder,
			     char **version)
{
	char *pattern = format("linux-image-%s_*_*.deb", kernel->release);
	struct dirent *entry;
	DIR *dir = opendir(folder);
	int err = pattern ? 0 : diag_oom(job->diag);

	if (!err && !dir && errno != ENOENT)
		err = diag_errno(job->diag, errno, folder, "open");
	while (dir && !err && (entry = readdir(dir))) {
		char *at = strchr(entry->d_name, '_'), *one;
		struct strvec debs = { 0 };

		if (fnmatch(pattern, entry->d_name, 0))
			continue;
		one = strndup(at + 1, strcspn(at + 1, "_"));
		err = one ? find_parts(job, kernel, one, &debs, NULL) : diag_oom(job->diag);
		if (!err && debs.n == N_PARTS && (!*version || strverscmp(one, *version) > 0)) {
			free(*version);
			*version = one;
			one = NULL;
		}
		free(one);
		strvec_free(&debs);
	}
	if (dir)
		closedir(dir);
	free(pattern);
	return err;
}

static int find_local_version(const struct job *job, const struct kernel *kernel, char **version)
{
	char *cached = path_join(kernel->cache, "debs", NULL);
	int err = cached ? 0 : diag_oom(job->diag);

	if (!err && job->options.packages)
		err = newest_version_in(job, kernel, job->options.packages, version);
	if (!err && !*version)
		err = newest_version_in(job, kernel, cached, version);
	free(cached);
	return err;
}

/* The first archive that has @package ("name" or "name=version"): the system's, or a suite's. */
static int find_archive(const struct job *job, const struct kernel *kernel, const char *package,
			struct apt *apt, char **record)
{
	bool asked = !kernel->suite;
	int err = -ENOENT;

	if (asked) {
		apt_open(job, kernel, NULL, apt);
		err = apt_show_one(apt, package, record, job->diag);
	}
	for (size_t i = 0; i < n_suites && err == -ENOENT; i++) {
		if (kernel->suite ? strcmp(kernel->suite, suites[i].name)
				  : !suite_has_release(&suites[i], kernel->release))
			continue;
		asked = true;
		err = apt_open(job, kernel, &suites[i], apt);
		if (err)
			return err;
		err = apt_show_one(apt, package, record, job->diag);
		if (err)
			apt_close(apt);
	}
	if (!err)
		return 0;
	diag_error(job->diag, "KS305", NULL, "%s", package);
	if (err != -ENOENT)
		diag_detail(job->diag, "apt-cache can't be run");
	else if (!kernel->suite)
		diag_detail(
			job->diag,
			"asked: the system's archives, and the suites that such a name belongs to");
	return -ENOENT;
}

/*
 * The archive keeps debug information for about the last ten kernels, and the other packages
 * longer.
 */
static int check_records(const struct strvec *packages, const char *records, struct diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < packages->n && !err; i++) {
		int n = strcspn(packages->list[i], "=");
		char *line = format("Package: %.*s\n", n, packages->list[i]);

		if (!line) {
			err = diag_oom(diag);
		} else if (!strstr(records, line)) {
			err = diag_error(diag, "KS305", NULL, "%s", packages->list[i]);
			diag_detail(diag, "other packages of this kernel are there");
		}
		free(line);
	}
	return err;
}

/*
 * Download those of @packages that are missing, one after the other: if one fails, earlier ones are
 * kept.
 */
static int download(const struct job *job, const struct kernel *kernel, const struct apt *apt,
		    const struct strvec *packages, const char *version)
{
	char *debs = path_join(kernel->cache, "debs", NULL);
	struct strvec missing = { 0 };
	char *records = NULL, *deb;
	int err = debs ? 0 : diag_oom(job->diag);

	for (size_t i = 0; i < packages->n && !err; i++) {
		err = find_local(job, kernel, packages->list[i], version, &deb);
		if (!err && !deb)
			strvec_addf(&missing, "%s=%s", packages->list[i], version);
		free(err ? NULL : deb);
	}
	err = err ?: strvec_done(&missing, job->diag);
	if (!err && missing.n) {
		err = apt_show(apt, &missing, &records, job->diag);
		if (!err || err == -ENOENT)
			err = check_records(&missing, records ?: "", job->diag)
				      ?: debs_check_room(kernel, records, ROOM_TO_WORK, job->diag);
	}
	if (!err && (err = make_dirs(debs)))
		diag_errno(job->diag, -err, debs, "make");
	for (size_t i = 0; i < missing.n && !err; i++) {
		progress_step(job->progress, "download %s (%zu of %zu)", missing.list[i], i + 1,
			      missing.n);
		err = apt_download(job, apt, missing.list[i], debs);
	}
	free(records);
	strvec_free(&missing);
	free(debs);
	return err;
}

/* This includes the source, which disappears from the archive together with the others. */
static int download_kernel(const struct job *job, const struct kernel *kernel, char **version)
{
	const char *release = kernel->release;
	char *series = kernel_series(release), *image = format(parts[0], release), *record = NULL;
	struct strvec packages = { 0 };
	struct apt apt;
	int err;

	err = image ? 0 : diag_oom(job->diag);
	if (!err && !series)
		err = diag_error(job->diag, "KS305", NULL, "%s", release);
	err = err ?: find_archive(job, kernel, image, &apt, &record);
	if (!err) {
		*version = apt_field(record, "Version");
		for (size_t i = 0; i < N_PARTS; i++)
			strvec_addf(&packages, parts[i], release);
		strvec_addf(&packages, "linux-source-%s", series);
		err = *version ? strvec_done(&packages, job->diag) : diag_oom(job->diag);
		err = err ?: download(job, kernel, &apt, &packages, *version);
		apt_close(&apt);
	}
	strvec_free(&packages);
	free(record);
	free(image);
	free(series);
	return err;
}

static int report_not_in_folder(const struct job *job, const struct kernel *kernel)
{
	diag_error(job->diag, "KS387", NULL, "%s", job->options.packages);
	for (size_t i = 0; i < N_PARTS; i++) {
		char *package = format(parts[i], kernel->release);

		diag_detail(job->diag, "needed, in one version: %s", package ?: "");
		free(package);
	}
	return -ENOENT;
}

/* The caller holds the kernel's lock. */
static int bring_root(const struct job *job, const struct kernel *kernel)
{
	struct strvec debs = { 0 };
	char *version = NULL;
	int err = find_local_version(job, kernel, &version);

	if (!err && !version)
		err = job->options.packages ? report_not_in_folder(job, kernel)
					    : download_kernel(job, kernel, &version);
	err = err ?: find_parts(job, kernel, version, &debs, NULL);
	if (!err && debs.n < N_PARTS)
		err = diag_error(job->diag, "KS306", NULL, "%s %s", kernel->release, version);
	err = err ?: unpack_debs(job, &debs, kernel->root);
	strvec_free(&debs);
	free(version);
	return err;
}

int debian_fetch(const struct job *job, struct kernel *kernel)
{
	int err = make_dirs(kernel->dir);

	if (err)
		return diag_errno(job->diag, -err, kernel->dir, "make");
	err = kernel_lock(job, kernel);
	if (err)
		return err;
	/* another run may have fetched it while this one waited */
	if (!cached_root_is_complete(kernel))
		err = bring_root(job, kernel);
	kernel_unlock(kernel);
	return err;
}

static int download_source(const struct job *job, const struct kernel *kernel, const char *package)
{
	char *exact = format("%s=%s", package, kernel->version), *record = NULL;
	struct strvec packages = { 0 };
	struct apt apt;
	int err = exact ? find_archive(job, kernel, exact, &apt, &record) : diag_oom(job->diag);

	if (!err) {
		strvec_add(&packages, package);
		err = strvec_done(&packages, job->diag);
		err = err ?: download(job, kernel, &apt, &packages, kernel->version);
		apt_close(&apt);
	}
	strvec_free(&packages);
	free(record);
	free(exact);
	return err;
}

int debian_source_deb(const struct job *job, const struct kernel *kernel, char **deb)
{
	char *series = kernel_series(kernel->release);
	char *package = series ? format("linux-source-%s", series) : NULL;
	int err = package ? 0 : diag_oom(job->diag);

	err = err ?: find_local(job, kernel, package, kernel->version, deb);
	if (!err && !*deb && job->options.fetch && !job->options.packages) {
		err = download_source(job, kernel, package);
		err = err ?: find_local(job, kernel, package, kernel->version, deb);
	}
	free(package);
	free(series);
	return err;
}
