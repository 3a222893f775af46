// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * People say "the newest cloud kernel of trixie", not 6.12.118+deb13-cloud-amd64.
 * What that is at the moment the archive's meta packages say, or without an
 * archive the files in a folder of packages.
 */
#include <dirent.h>
#include <errno.h>
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

bool debian_has_suite(struct build *build, const char *suite)
{
	if (suite_by_name(suite))
		return true;
	diag_error(build->diag, "KS388", NULL, "'%s'", suite);
	for (size_t i = 0; i < n_suites; i++)
		diag_detail(build->diag, "known: %s", suites[i].name);
	return false;
}

bool debian_is_of_suite(const char *suite, const char *release)
{
	const struct suite *known = suite_by_name(suite);

	return known && suite_has_release(known, release);
}

/* The one that was named, or the system's. */
static int open_archive(struct build *build, struct apt *apt)
{
	const char *suite = build->kernel.suite;

	return apt_open(build, suite ? suite_by_name(suite) : NULL, apt);
}

/* "linux-image-6.1.0-50-cloud-amd64-dbg…": an image without debug information can't be built for. */
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

static int for_each_in_folder(struct build *build, void (*found)(const char *release, void *arg),
			      void *arg)
{
	DIR *dir = opendir(build->options.packages);
	struct dirent *entry;
	char *release;

	if (!dir)
		return diag_errno(build->diag, errno, build->options.packages, "open");
	while ((entry = readdir(dir))) {
		release = release_of(entry->d_name, "-dbg_");
		if (release)
			found(release, arg);
		free(release);
	}
	closedir(dir);
	return 0;
}

int debian_for_each_archived(struct build *build, void (*found)(const char *release, void *arg),
			     void *arg)
{
	char *names = NULL, *rest, *line, *release;
	struct apt apt;
	int err;

	if (build->options.packages)
		return for_each_in_folder(build, found, arg);
	err = open_archive(build, &apt);
	if (err)
		return err;
	err = apt_names(build, &apt, image, &names);
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

static int system_architecture(struct build *build, char **architecture)
{
	const char *argv[] = { "dpkg", "--print-architecture", NULL };
	int err = run(build, "KS305", "newest kernel", NULL, argv, architecture);

	if (!err)
		(*architecture)[strcspn(*architecture, "\n")] = '\0';
	return err;
}

struct newest {
	const char *flavour;
	char *release;
};

/* "6.1.0-56-cloud-amd64": a flavour follows a digit, so that "amd64" isn't "cloud-amd64" */
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

static int newest_in_folder(struct build *build, const char *flavour)
{
	struct newest newest = { .flavour = flavour };
	int err = for_each_in_folder(build, take_newest, &newest);

	build->kernel.release = newest.release;
	if (!err && !newest.release)
		err = diag_error(build->diag, "KS387", NULL, "%s: no kernel '%s'",
				 build->options.packages, flavour);
	return err;
}

/* The meta package linux-image-cloud-amd64 depends on linux-image-6.1.0-56-cloud-amd64. */
static int newest_in_archive(struct build *build, const char *flavour)
{
	char *package = format("%s%s", image, flavour), *record = NULL, *depends, *at;
	struct apt apt;
	int err;

	if (!package)
		return diag_oom(build->diag);
	err = open_archive(build, &apt);
	if (!err) {
		err = apt_show_one(build, &apt, package, &record);
		if (err)
			diag_error(build->diag, "KS305", NULL, "%s", package);
		apt_close(&apt);
	}
	at = depends = err ? NULL : apt_field(record, "Depends");
	for (; at && (at = strstr(at, image)); at++)
		if (at[strlen(image)] >= '0' && at[strlen(image)] <= '9')
			break;
	if (at) {
		at += strlen(image);
		build->kernel.release = strndup(at, strcspn(at, " ,|("));
	} else if (!err) {
		err = diag_error(build->diag, "KS305", NULL, "%s depends on no kernel: %s", package,
				 depends ?: "");
	}
	free(depends);
	free(record);
	free(package);
	return err;
}

int debian_resolve_name(struct build *build, const char *name)
{
	static const char newest[] = "newest-";
	char *architecture = NULL;
	int err = 0;

	if (!strcmp(name, "newest"))
		err = system_architecture(build, &architecture);
	else if (str_starts(name, newest))
		name += strlen(newest);
	if (!err)
		err = build->options.packages ? newest_in_folder(build, architecture ?: name)
					      : newest_in_archive(build, architecture ?: name);
	free(architecture);
	return err ?: build->kernel.release ? 0 : diag_oom(build->diag);
}
