// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatches are built for kernels that run elsewhere, on machines where the
 * builder isn't root. So packages are downloaded with the user's rights and
 * unpacked into the cache, not installed. Versions come from the archive's own
 * lists: an old kernel vanishes from it when a new one arrives.
 */
#include <errno.h>
#include <fnmatch.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/run.h"

/* The first "Field: value" of `apt-cache show`; caller frees, NULL if there is none. */
static char *package_field(const char *text, const char *field)
{
	size_t n = strlen(field);

	for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		if (!strncmp(at, field, n) && at[n] == ':')
			return strndup(at + n + 2, strcspn(at + n + 2, "\n"));
	return NULL;
}

static int package_show(struct build *build, const char *package, const char *field, char **value)
{
	const char *argv[] = { "apt-cache", "show", "--no-all-versions", package, NULL };
	struct process process = { .argv = argv };
	int err;

	err = process_run(&process);
	*value = err ? NULL : package_field(process.log, field);
	process_end(&process);
	if (*value)
		return 0;
	diag_error(build->diag, "KS305", NULL, "%s", package);
	if (err == -ENOENT)
		diag_detail(build->diag, "apt-cache can't be run");
	return -ENOENT;
}

/* "cloud-amd64" → what the meta package linux-image-cloud-amd64 depends on. */
int resolve_kernel_name(struct build *build)
{
	static const char begin[] = "linux-image-";
	const char *argv[] = { "dpkg", "--print-architecture", NULL };
	const char *asked = build->options.kernel;
	char *package, *depends, *at, *architecture = NULL;
	int err = 0;

	if (!strcmp(asked, "newest")) {
		err = run(build, "KS305", "newest kernel", NULL, argv, &architecture);
		if (err)
			return err;
		architecture[strcspn(architecture, "\n")] = '\0';
		asked = architecture;
	}
	package = format("%s%s", begin, asked);
	free(architecture);
	if (!package)
		return diag_oom(build->diag);
	err = package_show(build, package, "Depends", &depends);
	if (!err) {
		for (at = depends; (at = strstr(at, begin)); at++)
			if (at[strlen(begin)] >= '0' && at[strlen(begin)] <= '9')
				break;
		if (at) {
			at += strlen(begin);
			build->kernel.release = strndup(at, strcspn(at, " ,|("));
		} else {
			err = diag_error(build->diag, "KS305", NULL,
					 "%s depends on no kernel: %s", package, depends);
		}
		free(depends);
	}
	free(package);
	return err ?: build->kernel.release ? 0 : diag_oom(build->diag);
}

/* A deb in the cache by package and version; NULL if it isn't there. Caller frees. */
static char *cached_deb(const char *debs, const char *package, const char *version)
{
	char *pattern, *path = NULL;
	struct dirent *entry;
	DIR *dir = opendir(debs);

	pattern = format("%s_%s_*.deb", package, version);
	while (dir && pattern && !path && (entry = readdir(dir)))
		if (!fnmatch(pattern, entry->d_name, 0))
			path = path_join(debs, entry->d_name, NULL);
	if (dir)
		closedir(dir);
	free(pattern);
	return path;
}

char *find_source_deb(struct build *build)
{
	char *series = kernel_series(build->kernel.release);
	char *package = series ? format("linux-source-%s", series) : NULL;
	char *debs = path_join(build->kernel.cache, "debs", NULL);
	char *path = NULL;

	if (package && debs)
		path = cached_deb(debs, package, build->kernel.version);
	free(debs);
	free(package);
	free(series);
	return path;
}

/* Move what apt has downloaded, whole, from its own folder to where it is looked for. */
static int keep_debs(struct build *build, const char *from, const char *to)
{
	struct dirent *entry;
	DIR *dir = opendir(from);
	int err = 0;

	if (!dir)
		return diag_errno(build->diag, errno, from, "open");
	while (!err && (entry = readdir(dir))) {
		char *a, *b;

		if (fnmatch("*.deb", entry->d_name, 0))
			continue;
		a = path_join(from, entry->d_name, NULL);
		b = path_join(to, entry->d_name, NULL);
		if (!a || !b)
			err = diag_oom(build->diag);
		else if (rename(a, b))
			err = diag_errno(build->diag, errno, b, "write");
		free(a);
		free(b);
	}
	closedir(dir);
	return err;
}

static int download(struct build *build, const char *debs, const struct words *packages,
		    const char *version)
{
	struct words argv = { 0 };
	size_t missing = 0;
	char *temp;
	int err;

	words_add(&argv, "apt-get");
	words_add(&argv, "download");
	if (geteuid() == 0) /* else apt's own user would need rights in our cache */
		words_add(&argv, "--option=APT::Sandbox::User=root");
	for (size_t i = 0; i < packages->n; i++) {
		char *have = cached_deb(debs, packages->list[i], version);

		if (!have) {
			words_addf(&argv, "%s=%s", packages->list[i], version);
			missing++;
		}
		free(have);
	}
	err = words_done(&argv, build->diag);
	if (!err && missing) {
		progress_step(build->progress, "download %zu packages of %s", missing, version);
		err = make_temp_dir(debs, ".download-", &temp);
		if (err) {
			diag_errno(build->diag, -err, debs, "write");
		} else {
			err = run(build, "KS306", "download", temp, argv.list, NULL);
			err = err ?: keep_debs(build, temp, debs);
			remove_tree(temp);
			free(temp);
		}
	}
	words_free(&argv);
	return err;
}

/* Side by side: one of them, with the debug information, takes as long as all others. */
static int unpack_all(struct build *build, const char *debs, const struct words *packages,
		      const char *version, const char *root)
{
	struct process *processes = calloc(packages->n + 1, sizeof(*processes));
	struct words *argvs = calloc(packages->n + 1, sizeof(*argvs));
	int err = processes && argvs ? 0 : diag_oom(build->diag);
	size_t n;

	for (n = 0; n < packages->n && !err; n++) {
		char *deb = cached_deb(debs, packages->list[n], version);

		words_add(&argvs[n], "dpkg-deb");
		words_add(&argvs[n], "-x");
		words_add(&argvs[n], deb ?: "");
		words_add(&argvs[n], root);
		processes[n].argv = argvs[n].list;
		err = deb ? words_done(&argvs[n], build->diag)
			  : diag_error(build->diag, "KS306", NULL, "%s", packages->list[n]);
		free(deb);
	}
	if (!err && process_run_all(processes, n, build->options.jobs, NULL, NULL))
		err = -EINVAL;
	for (size_t i = 0; argvs && i < n; i++) {
		if (err && processes[i].status) {
			diag_error(build->diag, "KS307", NULL, "%s", packages->list[i]);
			run_report_log(build->diag, processes[i].log);
		}
		process_end(&processes[i]);
		words_free(&argvs[i]);
	}
	if (err && !diag_errors(build->diag))
		diag_errno(build->diag, -err, "dpkg-deb", "run");
	free(argvs);
	free(processes);
	return err;
}

/* All into one temporary root, which takes its name only when it is complete. */
static int unpack(struct build *build, const char *debs, const struct words *packages,
		  const char *version)
{
	const char *root = build->kernel.root;
	char *parent = strndup(root, strrchr(root, '/') - root), *temp;
	int err;

	err = parent ? make_dirs(parent) ?: make_temp_dir(parent, ".root-", &temp) : -ENOMEM;
	free(parent);
	if (err)
		return diag_errno(build->diag, -err, root, "write");
	progress_step(build->progress, "unpack packages");
	err = unpack_all(build, debs, packages, version, temp);
	if (!err) {
		remove_tree(root);
		if (rename(temp, root))
			err = diag_errno(build->diag, errno, root, "write");
		else
			files_keep(temp);
	}
	if (err)
		remove_tree(temp);
	free(temp);
	return err;
}

int fetch_kernel(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *debs = path_join(kernel->cache, "debs", NULL), *series, *image, *version = NULL;
	struct words packages = { 0 };
	int err;

	series = kernel_series(kernel->release);
	image = format("linux-image-%s", kernel->release);
	if (!debs || !image)
		err = diag_oom(build->diag);
	else if (!series)
		err = diag_error(build->diag, "KS305", NULL, "%s", kernel->release);
	else
		err = package_show(build, image, "Version", &version);
	words_addf(&packages, "linux-image-%s-dbg", kernel->release);
	words_addf(&packages, "linux-image-%s", kernel->release);
	words_addf(&packages, "linux-headers-%s", kernel->release);
	words_addf(&packages, "linux-source-%s", series ?: "");
	err = err ?: words_done(&packages, build->diag);
	if (!err && ((err = make_dirs(debs)) || (err = make_dirs(kernel->dir))))
		diag_errno(build->diag, -err, debs, "make");
	if (!err) {
		err = kernel_lock(build);
		if (!err) {
			/* another run may have brought it while this one waited */
			if (!cached_root_is_complete(build)) {
				err = download(build, debs, &packages, version);
				packages.n--; /* the source is unpacked by prepare_kernel() */
				err = err ?: unpack(build, debs, &packages, version);
				packages.n++;
			}
			kernel_unlock(build);
		}
	}
	words_free(&packages);
	free(version);
	free(image);
	free(series);
	free(debs);
	return err;
}

int fetch_source(struct build *build)
{
	char *debs = path_join(build->kernel.cache, "debs", NULL);
	char *series = kernel_series(build->kernel.release);
	struct words packages = { 0 };
	int err;

	words_addf(&packages, "linux-source-%s", series ?: "");
	err = words_done(&packages, build->diag);
	if (!debs)
		err = diag_oom(build->diag);
	if (!err && (err = make_dirs(debs)))
		diag_errno(build->diag, -err, debs, "make");
	err = err ?: download(build, debs, &packages, build->kernel.version);
	words_free(&packages);
	free(series);
	free(debs);
	return err;
}
