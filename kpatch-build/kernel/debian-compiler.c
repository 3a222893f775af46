// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel's suite has the compiler that built it, until the next point
 * release. apt resolves its dependencies as if nothing were installed, down to
 * the C library: nothing of this machine is mixed with it.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/kernel/apt.h"
#include "kpatch-build/kernel/debian-compiler.h"
#include "kpatch-build/kernel/debs.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/temporary.h"
#include "lib/text.h"

/* Needed with the compiler; all libraries and programs are of one suite. */
static const struct {
	const char *package, *why;
} companions[] = {
	{ "binutils", "assembler and linker, whose versions the configuration has" },
	{ "pahole", "the same" },
	{ "libc6-dev", "kbuild tries whether the compiler can link a program (CC_CAN_LINK)" },
};

/* Packages in the folder that don't belong to a compiler. */
static const char *const kernels[] = { "linux-image-*", "linux-headers-*", "linux-source-*" };

/* "x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0" → "gcc-14", "14.2.0-19". Caller frees both. */
static int compiler_package(const struct kernel *kernel, char **package, char **version,
			    struct diag *diag)
{
	static const char vendor[] = "(Debian ";
	const char *text = kernel->cc_version, *at = strstr(text, vendor);
	const char *name = strstr(kernel->cc, "gcc-") ?: kernel->cc;

	if (!at) {
		diag_error(diag, "KS389", NULL, "%s isn't a compiler that Debian built", text);
		return -ENOENT;
	}
	at += strlen(vendor);
	*package = strdup(name);
	*version = strndup(at, strcspn(at, ")"));
	return *package && *version ? 0 : diag_oom(diag);
}

/*
 * Find the suite that has this compiler: that of the kernel, or any suite if the release tells
 * none.
 */
static int find_suite(const struct job *job, const struct kernel *kernel, const char *compiler,
		      struct apt *apt)
{
	bool known = false;

	for (size_t i = 0; i < n_suites; i++)
		known |= suite_has_release(&suites[i], kernel->release);
	for (size_t i = 0; i < n_suites; i++) {
		const struct suite *suite = &suites[i];
		char *record;
		int err;

		if (kernel->suite ? strcmp(kernel->suite, suite->name)
				  : known && !suite_has_release(suite, kernel->release))
			continue;
		err = apt_open(job, kernel, suite_base(suite), apt);
		if (err)
			return err;
		if (!apt_show_one(apt, compiler, &record, job->diag)) {
			free(record);
			return 0;
		}
		apt_close(apt);
	}
	diag_error(job->diag, "KS389", NULL, "no suite has %s", compiler);
	diag_detail(job->diag, "the kernel was built by: %s", kernel->cc_version);
	return -ENOENT;
}

static bool is_of_kernel(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (!fnmatch(kernels[i], name, 0))
			return true;
	return false;
}

static int list_folder(const char *folder, struct strvec *debs, struct diag *diag)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return diag_errno(diag, errno, folder, "open");
	while ((entry = readdir(dir)))
		if (!fnmatch("*.deb", entry->d_name, 0) && !is_of_kernel(entry->d_name))
			strvec_addf(debs, "%s/%s", folder, entry->d_name);
	closedir(dir);
	return strvec_done(debs, diag);
}

/* If two versions of one package are unpacked over one another, the result is undefined. */
static const char *find_twice(const struct strvec *debs)
{
	for (size_t i = 0; i < debs->n; i++)
		for (size_t j = 0; j < i; j++) {
			const char *a = strrchr(debs->list[i], '/'),
				   *b = strrchr(debs->list[j], '/');
			size_t n = strcspn(a, "_");

			if (n == strcspn(b, "_") && !strncmp(a, b, n))
				return a + 1;
		}
	return NULL;
}

static int unpack_folder(const struct job *job, const char *folder, const char *root)
{
	struct strvec debs = { 0 };
	int err = list_folder(folder, &debs, job->diag);
	const char *twice = err ? NULL : find_twice(&debs);

	if (twice)
		err = diag_error(job->diag, "KS387", NULL,
				 "%s: two versions of one package: %s, and another", folder, twice);
	err = err ?: unpack_debs_into(job, &debs, root);
	strvec_free(&debs);
	return err;
}

/* Files of an earlier run are used, unless the archive has changed since. */
static int download_closure(const struct job *job, const struct apt *apt,
			    const struct strvec *packages, const char *folder)
{
	char *partial = path_join(folder, "partial", NULL);
	struct strvec debs = { 0 };
	bool again = false;
	int err = partial ? 0 : diag_oom(job->diag);

	do {
		if (!err && ((again && (err = remove_tree(folder))) || (err = make_dirs(partial))))
			diag_errno(job->diag, -err, partial, "make");
		err = err ?: apt_download_closure(job, apt, packages, folder);
		if (again)
			break;
		err = err ?: list_folder(folder, &debs, job->diag);
		again = !err && find_twice(&debs);
	} while (again);
	strvec_free(&debs);
	free(partial);
	return err;
}

static int download_compiler(const struct job *job, const struct kernel *kernel,
			     const char *package, const char *compiler, const char *root)
{
	char *folder = path_join(kernel->cache, "apt", package, NULL);
	struct strvec packages = { 0 };
	struct apt apt;
	int err = folder ? find_suite(job, kernel, compiler, &apt) : diag_oom(job->diag);

	if (!err) {
		strvec_add(&packages, compiler);
		for (size_t i = 0; i < ARRAY_SIZE(companions); i++)
			strvec_add(&packages, companions[i].package);
		err = strvec_done(&packages, job->diag);
		progress_step(job->progress, "download %s", compiler);
		err = err ?: download_closure(job, &apt, &packages, folder);
		apt_close(&apt);
	}
	err = err ?: unpack_folder(job, folder, root);
	if (!err)
		remove_tree(folder);
	strvec_free(&packages);
	free(folder);
	return err;
}

int debian_fetch_compiler(const struct job *job, const struct kernel *kernel, const char *root)
{
	const char *folder = job->options.packages;
	char *package = NULL, *version = NULL, *compiler = NULL, *deb = NULL;
	int err = compiler_package(kernel, &package, &version, job->diag);

	if (!err && !(compiler = format("%s=%s", package, version)))
		err = diag_oom(job->diag);
	if (!err && !folder) {
		err = download_compiler(job, kernel, package, compiler, root);
	} else if (!err && !(deb = find_deb(folder, package, version))) {
		diag_error(job->diag, "KS387", NULL, "%s", folder);
		diag_detail(job->diag, "needed: %s, and all packages that it depends on", compiler);
		err = -ENOENT;
	} else if (!err) {
		err = unpack_folder(job, folder, root);
	}
	free(deb);
	free(compiler);
	free(version);
	free(package);
	return err;
}
