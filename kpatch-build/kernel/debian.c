// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parts of Debian's kernels, where its packages put them, and what their
 * banners say. debian-fetch.c gets the packages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/debian-fetch.h"
#include "kpatch-build/kernel/debian-compiler.h"
#include "kpatch-build/kernel/debian-names.h"
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

/* The installed archive is used only if its package has the same version as the kernel. */
static char *find_installed_archive(const struct kernel *kernel)
{
	static const char *const endings[] = { "tar.xz", "tar.zst", "tar.gz" };
	char *series = kernel_series(kernel->release);
	char *package = series ? format("linux-source-%s", series) : NULL, *archive = NULL;
	const char *argv[] = { "dpkg-query", "-W", "-f", "${Version}", package, NULL };
	struct process process = { .argv = argv };

	if (package && process_run(&process) == 0 && process.log &&
	    !strcmp(process.log, kernel->version)) {
		for (size_t i = 0; i < ARRAY_SIZE(endings) && !archive; i++) {
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

/* Unpack the archive from the deb in the cache into @temp. */
static int archive_from_deb(const struct job *job, const struct kernel *kernel, const char *deb,
			    const char *temp, char **archive)
{
	char *series = kernel_series(kernel->release);
	const char *argv[] = { "dpkg-deb", "-x", deb, temp, NULL };
	int err;

	err = series ? run(job, "KS307", deb, NULL, argv, NULL) : diag_oom(job->diag);
	*archive = err ? NULL : format("%s/usr/src/linux-source-%s.tar.xz", temp, series);
	if (!err && !*archive)
		err = diag_oom(job->diag);
	free(series);
	return err;
}

static int report_no_source(const struct kernel *kernel, struct diag *diag)
{
	char *series = kernel_series(kernel->release);

	diag_error(diag, "KS301", NULL, "the source of %s", kernel->version);
	diag_detail(diag, "as root: apt install linux-source-%s=%s", series ?: "", kernel->version);
	diag_detail(diag, "or without root: kpatch-build --fetch …");
	free(series);
	return -ENOENT;
}

static int find_source(const struct job *job, const struct kernel *kernel, const char *temp,
		       char **archive)
{
	char *deb;
	int err;

	*archive = find_installed_archive(kernel);
	if (*archive)
		return 0;
	err = debian_source_deb(job, kernel, &deb);
	if (err)
		return err;
	err = deb ? archive_from_deb(job, kernel, deb, temp, archive)
		  : report_no_source(kernel, job->diag);
	free(deb);
	return err;
}

/*
 * Report one path on each line; the packages that should have them are added to @packages, each
 * once.
 */
static void list_missing(const struct kernel *kernel, const char *root, struct strvec *packages,
			 struct diag *diag)
{
	const char *release = kernel->release, *last = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		char *path = input_under_root(root, &inputs[i], release);

		if (path && !input_given(kernel, &inputs[i]) && !path_exists(path)) {
			diag_detail(diag, "missing: %s", path);
			if (!last || strcmp(last, inputs[i].package))
				strvec_addf(packages, inputs[i].package, release);
			last = inputs[i].package;
		}
		free(path);
	}
}

static int report_missing(const struct job *job, const struct kernel *kernel, const char *root)
{
	const char *release = kernel->release;
	char *series = kernel_series(release), *names;
	struct strvec packages = { 0 };

	strvec_add(&packages, "as root: apt install");
	diag_error(job->diag, "KS301", NULL, "%s", release);
	list_missing(kernel, root, &packages, job->diag);
	if (*root) {
		diag_detail(job->diag, "the packages were fetched, but don't contain it");
	} else {
		strvec_addf(&packages, "linux-source-%s", series ?: "X.Y");
		names = packages.failed ? NULL : run_command_text(packages.list);
		diag_detail(job->diag, "%s", names ?: "");
		diag_detail(job->diag, "or without root: kpatch-build --fetch --kernel %s …",
			    release);
		free(names);
	}
	strvec_free(&packages);
	free(series);
	return -ENOENT;
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
	.n_inputs = ARRAY_SIZE(inputs),
	.libraries = { "usr/lib", "lib" },
	.debug_folder = "/usr/lib/debug/boot",
	.debug_begin = "vmlinux-",
	.resolve_name = debian_resolve_name,
	.for_each_archived = debian_for_each_archived,
	.for_each_newest = debian_for_each_newest,
	.version_in = version_in,
	.has_suite = debian_has_suite,
	.is_of_suite = debian_is_of_suite,
	.report_missing = report_missing,
	.fetch = debian_fetch,
	.fetch_compiler = debian_fetch_compiler,
	.find_source = find_source,
};
