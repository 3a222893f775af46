// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A team supports "all 6.1 cloud kernels", not a list that is out of date each
 * month. A pattern stands for the kernels that can be built for here: those
 * whose packages are installed or unpacked in the cache, and with --fetch also
 * those that the archive has with debug information.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/kernel/kernel-names.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/distro.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

/* Package name suffixes are matched literally. */
bool kernel_name_is_pattern(const char *kernel)
{
	return strpbrk(kernel, "*?[");
}

static bool is_listed(const struct strvec *releases, const char *release)
{
	for (size_t i = 0; i < releases->n; i++)
		if (!strcmp(releases->list[i], release))
			return true;
	return false;
}

struct matches {
	const struct kernel *kernel;
	struct strvec *releases;
	const char *pattern;
};

/* Installed or cached kernels too are only taken if they can be of the suite that was named. */
static void take_if_matching(const char *release, void *arg)
{
	const struct matches *matches = arg;
	const struct kernel *kernel = matches->kernel;

	if (fnmatch(matches->pattern, release, 0) || is_listed(matches->releases, release))
		return;
	if (!kernel->suite || kernel->distro->is_of_suite(kernel->suite, release))
		strvec_add(matches->releases, release);
}

/* Take the names in @folder that begin with @begin, without @begin. */
static void take_from_folder(struct matches *matches, const char *folder, const char *begin)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (str_starts(entry->d_name, begin))
			take_if_matching(entry->d_name + strlen(begin), matches);
	if (dir)
		closedir(dir);
}

/*
 * Take the folders of the cache with unpacked packages; those of kernels given by hand have none.
 */
static void take_from_cache(struct matches *matches, const char *cache)
{
	char *kernels = path_join(cache, "kernels", NULL);
	DIR *dir = kernels ? opendir(kernels) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *root = path_join(kernels, entry->d_name, "root", NULL);

		if (!root)
			matches->releases->failed = true;
		else if (*entry->d_name != '.' && path_exists(root))
			take_if_matching(entry->d_name, matches);
		free(root);
	}
	if (dir)
		closedir(dir);
	free(kernels);
}

static int take_pattern(const struct job *job, struct kernel *kernel, struct strvec *releases,
			const char *pattern)
{
	const struct distro *distro = kernel->distro;
	struct matches matches = { kernel, releases, pattern };
	size_t before = releases->n;
	int err = take_suite(job, kernel, &matches.pattern);

	if (err)
		return err;
	take_from_folder(&matches, distro->debug_folder, distro->debug_begin);
	take_from_cache(&matches, kernel->cache);
	if (job->options.fetch && str_starts(matches.pattern, "newest")) {
		const char *flavours = matches.pattern;

		matches.pattern = "*";
		err = distro->for_each_newest(job, kernel, flavours, take_if_matching, &matches);
	} else if (job->options.fetch) {
		err = distro->for_each_archived(job, kernel, take_if_matching, &matches);
	}
	if (err || releases->n > before)
		return err;
	diag_error(job->diag, "KS301", NULL, "no kernel is called '%s'", pattern);
	diag_detail(job->diag,
		    "searched: kernels that are installed with debug information, and %s",
		    kernel->cache);
	diag_detail(job->diag, job->options.fetch ? "and the packages of the archive"
						  : "--fetch searches the archive, too");
	return -ENOENT;
}

static int take_name(struct job *job, struct kernel *kernel, struct strvec *releases,
		     const char *name)
{
	int err;

	job->options.kernel = name;
	err = set_release(job, kernel);
	if (!err && !is_listed(releases, kernel->release))
		strvec_add(releases, kernel->release);
	free(kernel->release);
	kernel->release = NULL;
	return err;
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

int kernel_names(struct job *job, struct kernel *kernel, struct strvec *releases)
{
	const struct options *options = &job->options;
	int err, one;

	err = set_cache(kernel, job->diag);
	for (size_t i = 0; i < options->n_kernels && err != -ENOMEM; i++) {
		one = kernel_name_is_pattern(options->kernels[i])
			      ? take_pattern(job, kernel, releases, options->kernels[i])
			      : take_name(job, kernel, releases, options->kernels[i]);
		err = err ?: one;
	}
	err = err ?: strvec_done(releases, job->diag);
	if (!err)
		qsort(releases->list, releases->n, sizeof(*releases->list), by_version);
	return err;
}
