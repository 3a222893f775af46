// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch is right only for the kernel that it was built for: its release,
 * its files, its configuration, its compiler. The kernel's own banner says
 * which source belongs to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "kpatch-build/build.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/kernel/compiler.h"
#include "kpatch-build/kernel/distro.h"
#include "kpatch-build/kernel/files.h"
#include "kpatch-build/kernel/given.h"
#include "kpatch-build/kernel/kernel-config.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/kernel/toolchain.h"
#include "lib/text.h"
#include "kpatch-build/index/unit-index.h"

/* "Linux version <release> (…", and the distribution's version somewhere after it */
static int read_banner(struct kernel *kernel, struct diag *diag)
{
	const struct distro *distro = kernel->distro;
	size_t n = strlen(kernel->release);
	char *banner, *at;
	int err;

	err = shipped_banner(kernel->vmlinux, &banner, diag);
	if (err)
		return err;
	at = banner + strlen("Linux version ");
	if (strncmp(at, kernel->release, n) || at[n] != ' ')
		err = diag_error(diag, "KS301", NULL, "%s is another kernel: %s", kernel->vmlinux,
				 banner);
	if (!err)
		kernel->version = distro->version_in(banner);
	if (!err && !kernel->version && kernel->by_hand)
		kernel->version = strdup(kernel->release);
	free(banner);
	if (!err && !kernel->version)
		err = diag_error(diag, "KS301", NULL, "%s: its banner names no %s version",
				 kernel->vmlinux, distro->name);
	return err;
}

int take_suite(const struct job *job, struct kernel *kernel, const char **name)
{
	const char *slash = *name ? strchr(*name, '/') : NULL;

	free(kernel->suite);
	kernel->suite = NULL;
	if (!slash)
		return 0;
	kernel->suite = strndup(*name, slash - *name);
	if (!kernel->suite)
		return diag_oom(job->diag);
	*name = slash + 1;
	return kernel->distro->has_suite(job, kernel, kernel->suite) ? 0 : -EINVAL;
}

int set_release(const struct job *job, struct kernel *kernel)
{
	const char *asked = job->options.kernel;
	struct utsname uts;
	int err = take_suite(job, kernel, &asked);

	if (err)
		return err;
	if (asked && (*asked < '0' || *asked > '9'))
		return kernel->distro->resolve_name(job, kernel, asked);
	if (!asked && kernel->given.vmlinux)
		return release_of_vmlinux(kernel, &kernel->release, job->diag);
	if (!asked) {
		uname(&uts);
		asked = uts.release;
	}
	if (!*asked || strpbrk(asked, "/ \t\n:#$'\"\\") || *asked == '.')
		return diag_error(job->diag, "KS301", NULL, "'%s' isn't a kernel release", asked);
	kernel->release = strdup(asked);
	return kernel->release ? 0 : diag_oom(job->diag);
}

int find_kernel(struct build *build)
{
	const struct distro *distro = build->kernel.distro;
	int err;

	err = set_cache(&build->kernel, build->diag);
	err = err ?: take_given(&build->job, &build->kernel);
	err = err ?: set_release(&build->job, &build->kernel);
	err = err ?: set_paths(&build->kernel, build->diag);
	if (err)
		return err;
	if (!take_complete_root(&build->kernel, &err, build->diag) && !err) {
		if (!build->options.fetch)
			return distro->report_missing(&build->job, &build->kernel, "");
		err = distro->fetch(&build->job, &build->kernel);
		if (!err && !take_complete_root(&build->kernel, &err, build->diag))
			err = err
				      ?: distro->report_missing(&build->job, &build->kernel,
								build->kernel.root);
	}
	err = err ?: check_config(&build->job, &build->kernel);
	err = err ?: read_banner(&build->kernel, build->diag);
	err = err ?: take_toolchain(&build->job, &build->kernel);
	err = err ?: check_compiler(&build->kernel, build->diag);
	err = err ?: check_shipped_config(&build->kernel, build->diag);
	return err ?: shipped_build_id(build->kernel.vmlinux, &build->kernel.build_id, build->diag);
}
