// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * People say "the newest cloud kernel of trixie", not
 * 6.12.118+deb13-cloud-amd64. The archive's meta packages say which one that is
 * at the moment, or, without an archive, the files in a folder of packages.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/kernel/apt.h"
#include "kpatch-build/kernel/debian-names.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

static const char image[] = "linux-image-";

char *kernel_series(const char *release)
{
	int major, minor;

	if (sscanf(release, "%d.%d", &major, &minor) != 2)
		return NULL;
	return format("%d.%d", major, minor);
}

bool debian_has_suite(const struct job *job, const struct kernel *kernel, const char *suite)
{
	if (suite_by_name(suite))
		return true;
	diag_error(job->diag, "KS388", NULL, "'%s'", suite);
	for (size_t i = 0; i < n_suites; i++)
		diag_detail(job->diag, "known: %s", suites[i].name);
	return false;
}

bool debian_is_of_suite(const char *suite, const char *release)
{
	const struct suite *known = suite_by_name(suite);

	return known && suite_has_release(known, release);
}

/* Open the archive of the suite that was named, or the system's. */
static int open_archive(const struct job *job, const struct kernel *kernel, struct apt *apt)
{
	const char *suite = kernel->suite;

	return apt_open(job, kernel, suite ? suite_by_name(suite) : NULL, apt);
}

/*
 * "linux-image-6.1.0-50-cloud-amd64-dbg…": a kernel without debug information can't be livepatched.
 */
static char *release_of(const char *name, const char *after)
{
	const char *end;

	if (!str_starts(name, image))
		return NULL;
	name += strlen(image);
	end = strstr(name, after);
	if (*name < '0' || *name > '9' || !end)
		return NULL;
	return strndup(name, end - name);
}

static int for_each_in_folder(const struct job *job, void (*found)(const char *release, void *arg),
			      void *arg)
{
	DIR *dir = opendir(job->options.packages);
	struct dirent *entry;
	char *release;

	if (!dir)
		return diag_errno(job->diag, errno, job->options.packages, "open");
	while ((entry = readdir(dir))) {
		release = release_of(entry->d_name, "-dbg_");
		if (release)
			found(release, arg);
		free(release);
	}
	closedir(dir);
	return 0;
}

int debian_for_each_archived(const struct job *job, struct kernel *kernel,
			     void (*found)(const char *release, void *arg), void *arg)
{
	char *names = NULL, *rest, *line, *release;
	struct apt apt;
	int err;

	if (job->options.packages)
		return for_each_in_folder(job, found, arg);
	err = open_archive(job, kernel, &apt);
	if (err)
		return err;
	err = apt_names(job, &apt, image, &names);
	for (rest = names; !err && (line = strsep(&rest, "\n"));) {
		size_t n = strlen(line);

		release = n > 4 && !strcmp(line + n - 4, "-dbg") ? release_of(line, "-dbg") : NULL;
		if (release)
			found(release, arg);
		free(release);
	}
	free(names);
	apt_close(&apt);
	return err;
}

/* The release that a meta package depends on; NULL: it is no meta package. Caller frees. */
static char *depends_on(const char *record)
{
	char *depends = apt_field(record, "Depends"), *release = NULL;

	for (char *at = depends; at && !release && (at = strstr(at, image)); at += strlen(image))
		if (at[strlen(image)] >= '0' && at[strlen(image)] <= '9')
			release = strndup(at + strlen(image), strcspn(at + strlen(image), " ,|("));
	free(depends);
	return release;
}

/* @names has one on each line; kernels without debug information are left out. */
static bool has_debug_package(const char *names, const char *release)
{
	char *line = format("\n%s%s-dbg\n", image, release), *all = format("\n%s\n", names);
	bool has = line && all && strstr(all, line);

	free(all);
	free(line);
	return has;
}

/* "linux-image-cloud-amd64", if "newest-cloud-amd64" matches */
static bool is_flavour(const char *package, const char *pattern)
{
	char *name = package[strlen(image)] < '0' || package[strlen(image)] > '9'
			     ? format("newest-%s", package + strlen(image))
			     : NULL;
	bool is = name && !fnmatch(pattern, name, 0);

	free(name);
	return is;
}

/* Only the archive has meta packages. */
int debian_for_each_newest(const struct job *job, struct kernel *kernel, const char *pattern,
			   void (*found)(const char *release, void *arg), void *arg)
{
	char *names = NULL, *copy = NULL, *rest, *line, *record, *release;
	struct apt apt;
	int err;

	if (job->options.packages)
		return 0;
	err = open_archive(job, kernel, &apt);
	if (err)
		return err;
	err = apt_names(job, &apt, image, &names);
	if (!err && !(copy = strdup(names)))
		err = diag_oom(job->diag);
	for (rest = copy; !err && (line = strsep(&rest, "\n"));) {
		if (strlen(line) <= strlen(image) || !is_flavour(line, pattern) ||
		    apt_show_one(&apt, line, &record, job->diag))
			continue;
		release = depends_on(record);
		if (release && has_debug_package(names, release))
			found(release, arg);
		free(release);
		free(record);
	}
	free(copy);
	free(names);
	apt_close(&apt);
	return err;
}

static int system_architecture(const struct job *job, char **architecture)
{
	const char *argv[] = { "dpkg", "--print-architecture", NULL };
	int err = run(job, "KS305", "newest kernel", NULL, argv, architecture);

	if (!err)
		(*architecture)[strcspn(*architecture, "\n")] = '\0';
	return err;
}

struct newest {
	const char *flavour;
	char *release;
};

/* "6.1.0-56-cloud-amd64": a flavour follows a digit, so "amd64" doesn't match "cloud-amd64" */
static void take_newest(const char *release, void *arg)
{
	struct newest *newest = arg;
	size_t n = strlen(release), m = strlen(newest->flavour);

	if (n < m + 2 || strcmp(release + n - m, newest->flavour) || release[n - m - 1] != '-' ||
	    release[n - m - 2] < '0' || release[n - m - 2] > '9')
		return;
	if (newest->release && strverscmp(newest->release, release) >= 0)
		return;
	free(newest->release);
	newest->release = strdup(release);
}

static int newest_in_folder(const struct job *job, struct kernel *kernel, const char *flavour)
{
	struct newest newest = { .flavour = flavour };
	int err = for_each_in_folder(job, take_newest, &newest);

	kernel->release = newest.release;
	if (!err && !newest.release)
		err = diag_error(job->diag, "KS387", NULL, "%s: no kernel '%s'",
				 job->options.packages, flavour);
	return err;
}

/* The meta package linux-image-cloud-amd64 depends on linux-image-6.1.0-56-cloud-amd64. */
static int newest_in_archive(const struct job *job, struct kernel *kernel, const char *flavour)
{
	char *package = format("%s%s", image, flavour), *record = NULL;
	struct apt apt;
	int err;

	if (!package)
		return diag_oom(job->diag);
	err = open_archive(job, kernel, &apt);
	if (!err) {
		err = apt_show_one(&apt, package, &record, job->diag);
		if (err)
			diag_error(job->diag, "KS305", NULL, "%s", package);
		apt_close(&apt);
	}
	kernel->release = err ? NULL : depends_on(record);
	if (!err && !kernel->release)
		err = diag_error(job->diag, "KS305", NULL, "%s depends on no kernel", package);
	free(record);
	free(package);
	return err;
}

int debian_resolve_name(const struct job *job, struct kernel *kernel, const char *name)
{
	static const char newest[] = "newest-";
	char *architecture = NULL;
	int err = 0;

	if (!strcmp(name, "newest"))
		err = system_architecture(job, &architecture);
	else if (str_starts(name, newest))
		name += strlen(newest);
	if (!err)
		err = job->options.packages ? newest_in_folder(job, kernel, architecture ?: name)
					    : newest_in_archive(job, kernel, architecture ?: name);
	free(architecture);
	return err ?: kernel->release ? 0 : diag_oom(job->diag);
}
