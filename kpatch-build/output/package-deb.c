// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parts of a package that only a .deb has: its control file, scripts and
 * documents. See package.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/output/package-deb.h"
#include "kpatch-build/output/package-parts.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

/*
 * The distribution's kernel has a version; a kernel built by hand is identified by its build-id
 * alone.
 */
static char *control_text(const struct kernel *kernel, const struct series *series,
			  const struct livepatch *livepatch, const struct package *package)
{
	char *fixes = package_headlines(series, "  * "), *image = NULL, *text;

	if (!kernel->by_hand)
		image = format(", linux-image-%s (= %s)", kernel->release, kernel->version);
	text = format(
		"Package: %s\n"
		"Version: %s\n"
		"Architecture: %s\n"
		"Maintainer: %s\n"
		"Section: kernel\n"
		"Priority: optional\n"
		"Depends: klp-split%s\n"
		"Description: livepatch %s for Linux %s\n"
		" Applies a fix to the running kernel, and again at each boot of it, without\n"
		" a reboot. It was built for exactly this build of the kernel.\n .\n%s",
		package->name, package->version, package->architecture, package->maintainer,
		image ?: "", livepatch->name, kernel->release, fixes ?: "");
	if (!fixes) {
		free(text);
		text = NULL;
	}
	free(fixes);
	free(image);
	return text;
}

static char *changelog_text(const struct series *series, const struct package *package)
{
	char *fixes = package_headlines(series, "  * "), *text;
	char date[64] = "";
	struct tm tm;

	if (gmtime_r(&package->date, &tm))
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	text = !fixes ? NULL
		      : format("%s (%s) unstable; urgency=high\n\n%s\n -- %s  %s\n", package->name,
			       package->version, fixes, package->maintainer, date);
	free(fixes);
	return text;
}

static char *copyright_text(void)
{
	return strdup(
		"Copyright (C) the authors of the Linux kernel, and of the diffs.\n\n"
		"The modules are changed parts of the Linux kernel, and under its licence, the\n"
		"GNU General Public License, version 2: /usr/share/common-licenses/GPL-2.\n");
}

static int put_script(const struct job *job, const struct kernel *kernel,
		      const struct livepatch *livepatch, const struct package *package,
		      const char *name, const char *template)
{
	char *text = package_template(job, kernel, livepatch, package, template);

	return text ? package_put(package->tree, "DEBIAN", name, text, 0755, job->diag) : -EINVAL;
}

static int put_documents(const struct job *job, const struct series *series,
			 const struct package *package)
{
	char *folder = path_join("usr/share/doc", package->name, NULL);
	char *log = folder ? path_join(package->tree, folder, "changelog", NULL) : NULL;
	const char *argv[] = { "gzip", "-9n", log, NULL };
	int err = log ? 0 : diag_oom(job->diag);

	err = err
		      ?: package_put(package->tree, folder, "changelog",
				     changelog_text(series, package), 0644, job->diag);
	err = err
		      ?: package_put(package->tree, folder, "copyright", copyright_text(), 0644,
				     job->diag);
	err = err ?: run(job, PACKAGE_FAILED, "changelog", NULL, argv, NULL);
	free(log);
	free(folder);
	return err;
}

static int put_control(const struct job *job, const struct kernel *kernel,
		       const struct series *series, const struct livepatch *livepatch,
		       const struct package *package)
{
	char *control = control_text(kernel, series, livepatch, package);
	int err = package_put(package->tree, "DEBIAN", "control", control, 0644, job->diag);

	err = err ?: put_script(job, kernel, livepatch, package, "postinst", "livepatch.postinst");
	return err ?: put_script(job, kernel, livepatch, package, "prerm", "livepatch.prerm");
}

static int run_dpkg_deb(const struct job *job, struct livepatch *livepatch,
			const struct package *package)
{
	char *deb = format("%s/%s_%s_%s.deb", job->work, package->name, package->version,
			   package->architecture);
	const char *argv[] = {
		"dpkg-deb", "--root-owner-group", "-Zxz", "--build", package->tree, deb, NULL,
	};
	int err = deb ? package_run(job, package, argv) : diag_oom(job->diag);

	if (err)
		free(deb);
	else
		livepatch->package = deb;
	return err;
}

int package_deb(struct build *build, struct package *package)
{
	const char *argv[] = { "dpkg", "--print-architecture", NULL };
	int err = run(&build->job, PACKAGE_FAILED, "which architecture", NULL, argv,
		      &package->architecture);

	if (err)
		return err;
	package->architecture[strcspn(package->architecture, "\n")] = '\0';
	err = put_documents(&build->job, &build->series, package);
	err = err
		      ?: put_control(&build->job, &build->kernel, &build->series, &build->livepatch,
				     package);
	return err ?: run_dpkg_deb(&build->job, &build->livepatch, package);
}
