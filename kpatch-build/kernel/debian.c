// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatches are built for kernels that run elsewhere, on machines where the
 * builder isn't root. So packages are downloaded with the user's rights and
 * unpacked into the cache, not installed. Versions come from the archive's own
 * lists: an old kernel vanishes from it when a new one arrives.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/debs.h"
#include "kpatch-build/kernel/distro.h"
#include "kpatch-build/kernel/files.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "lib/temporary.h"

/* Since Debian 13 packages have nothing in /lib, which is a link to usr/lib on every system. */
static const struct distro_input inputs[] = {
	{ { "usr/src/linux-headers-%s/.config" },
	  "linux-headers-%s",
	  offsetof(struct kernel, config),
	  offsetof(struct kernel, given.config) },
	{ { "usr/src/linux-headers-%s/Module.symvers" },
	  "linux-headers-%s",
	  offsetof(struct kernel, symvers),
	  offsetof(struct kernel, given.symvers) },
	{ { "lib/modules/%s/kernel", "usr/lib/modules/%s/kernel" },
	  "linux-image-%s",
	  offsetof(struct kernel, modules),
	  offsetof(struct kernel, given.modules) },
	{ { "usr/lib/debug/boot/vmlinux-%s" },
	  "linux-image-%s-dbg",
	  offsetof(struct kernel, vmlinux),
	  offsetof(struct kernel, given.vmlinux) },
	{ { "usr/lib/debug/lib/modules/%s/kernel", "usr/lib/debug/usr/lib/modules/%s/kernel" },
	  "linux-image-%s-dbg",
	  offsetof(struct kernel, debug_modules),
	  offsetof(struct kernel, given.modules) },
};

/* "6.1" of "6.1.0-56-cloud-amd64", as in linux-source-6.1. Caller frees; NULL if it has no number. */
static char *kernel_series(const char *release)
{
	int major, minor;

	if (sscanf(release, "%d.%d", &major, &minor) != 2)
		return NULL;
	return format("%d.%d", major, minor);
}

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
static int resolve_name(struct build *build)
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
			err = diag_error(build->diag, "KS305", NULL, "%s depends on no kernel: %s",
					 package, depends);
		}
		free(depends);
	}
	free(package);
	return err ?: build->kernel.release ? 0 : diag_oom(build->diag);
}

/* The deb of the source of exactly this kernel, in the cache; NULL if it isn't there. Caller frees. */
static char *find_source_deb(struct build *build)
{
	char *series = kernel_series(build->kernel.release);
	char *package = series ? format("linux-source-%s", series) : NULL;
	char *debs = path_join(build->kernel.cache, "debs", NULL);
	char *path = NULL;

	if (package && debs)
		path = find_deb(debs, package, build->kernel.version);
	free(debs);
	free(package);
	free(series);
	return path;
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
		char *have = find_deb(debs, packages->list[i], version);

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

static int fetch(struct build *build)
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
				err = err ?: unpack_debs(build, debs, &packages, version);
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

/* With the lock held. */
static int fetch_source(struct build *build)
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

static int find_source(struct build *build, const char *temp, char **archive)
{
	char *deb;
	int err;

	*archive = find_installed_archive(build);
	if (*archive)
		return 0;
	deb = find_source_deb(build);
	if (!deb && build->options.fetch) {
		err = fetch_source(build);
		if (err)
			return err;
		deb = find_source_deb(build);
	}
	err = deb ? archive_from_deb(build, deb, temp, archive) : report_no_source(build);
	free(deb);
	return err;
}

/* A path per detail; the packages that should have them, each once, are added to @packages. */
static void list_missing(struct build *build, const char *root, struct words *packages)
{
	const char *release = build->kernel.release, *last = NULL;

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		char *path = input_under_root(root, &inputs[i], release);

		if (path && !input_given(&build->kernel, &inputs[i]) && !path_exists(path)) {
			diag_detail(build->diag, "missing: %s", path);
			if (!last || strcmp(last, inputs[i].package))
				words_addf(packages, inputs[i].package, release);
			last = inputs[i].package;
		}
		free(path);
	}
}

static int report_missing(struct build *build, const char *root)
{
	const char *release = build->kernel.release;
	char *series = kernel_series(release), *names;
	struct words packages = { 0 };

	words_add(&packages, "as root: apt install");
	diag_error(build->diag, "KS301", NULL, "%s", release);
	list_missing(build, root, &packages);
	if (*root) {
		diag_detail(build->diag, "the packages were fetched, and don't have it there");
	} else {
		words_addf(&packages, "linux-source-%s", series ?: "X.Y");
		names = packages.failed ? NULL : run_command_text(packages.list);
		diag_detail(build->diag, "%s", names ?: "");
		diag_detail(build->diag, "or without root: kpatch-build --fetch --kernel %s …",
			    release);
		free(names);
	}
	words_free(&packages);
	free(series);
	return -ENOENT;
}

/* "linux-image-6.1.0-50-cloud-amd64-dbg", a line each: an image without it can't be built for. */
static int for_each_archived(struct build *build, void (*found)(const char *release, void *arg),
			     void *arg)
{
	static const char begin[] = "linux-image-", end[] = "-dbg";
	const char *argv[] = { "apt-cache", "pkgnames", begin, NULL };
	char *log = NULL, *rest, *line;
	int err;

	err = run(build, "KS305", "all kernels", NULL, argv, &log);
	for (rest = log; !err && (line = strsep(&rest, "\n"));) {
		size_t n = strlen(line), b = strlen(begin), e = strlen(end);

		if (n <= b + e || strcmp(line + n - e, end) || line[b] < '0' || line[b] > '9')
			continue;
		line[n - e] = '\0';
		found(line + b, arg);
	}
	free(log);
	return err;
}

/* "… #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)" */
static char *version_in(char *banner)
{
	char *at = strstr(banner, " Debian ");

	at = strstr(banner, "SMP") && at ? strrchr(banner, '(') : NULL;
	if (!at)
		return NULL;
	*at = '\0';
	while (at > banner && at[-1] == ' ')
		*--at = '\0';
	at = strrchr(banner, ' ');
	return at ? strdup(at + 1) : NULL;
}

const struct distro debian = {
	.name = "Debian",
	.install = "apt install",
	.inputs = inputs,
	.n_inputs = sizeof(inputs) / sizeof(*inputs),
	.debug_folder = "/usr/lib/debug/boot",
	.debug_begin = "vmlinux-",
	.resolve_name = resolve_name,
	.for_each_archived = for_each_archived,
	.version_in = version_in,
	.report_missing = report_missing,
	.fetch = fetch,
	.find_source = find_source,
};
