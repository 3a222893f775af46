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
static char *control_text(const struct build *build, const struct package *package)
{
	const struct kernel *kernel = &build->kernel;
	char *image = NULL, *text;

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
		" Takes a fix into force on the running kernel, and at each boot of it, without\n"
		" a reboot. It was built for exactly this build of the kernel.\n",
		package->name, package->version, package->architecture, package->maintainer,
		image ?: "", build->name, kernel->release);
	free(image);
	return text;
}

static char *changelog_text(const struct build *build, const struct package *package)
{
	char *text = format("%s (%s) unstable; urgency=high\n\n", package->name, package->version);
	char date[64] = "", *longer, *line;
	struct tm tm;

	for (size_t i = 0; i < build->n_diffs && text; i++) {
		line = package_headline(build->diffs[i].path);
		longer = line ? format("%s  * %s\n", text, line) : NULL;
		free(line);
		free(text);
		text = longer;
	}
	if (gmtime_r(&package->date, &tm))
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	longer = text ? format("%s\n -- %s  %s\n", text, package->maintainer, date) : NULL;
	free(text);
	return longer;
}

static char *copyright_text(void)
{
	return strdup(
		"Copyright (C) the authors of the Linux kernel, and of the diffs.\n\n"
		"The modules are changed parts of the Linux kernel, and under its licence, the\n"
		"GNU General Public License, version 2: /usr/share/common-licenses/GPL-2.\n");
}

static int put_script(struct build *build, const struct package *package, const char *name,
		      const char *template)
{
	char *text = package_template(build, package, template);

	return text ? package_put(package->tree, "DEBIAN", name, text, 0755, build->diag) : -EINVAL;
}

static int put_documents(struct build *build, const struct package *package)
{
	char *folder = path_join("usr/share/doc", package->name, NULL);
	char *log = folder ? path_join(package->tree, folder, "changelog", NULL) : NULL;
	const char *argv[] = { "gzip", "-9n", log, NULL };
	int err = log ? 0 : diag_oom(build->diag);

	err = err
		      ?: package_put(package->tree, folder, "changelog",
				     changelog_text(build, package), 0644, build->diag);
	err = err
		      ?: package_put(package->tree, folder, "copyright", copyright_text(), 0644,
				     build->diag);
	err = err ?: run(&build->job, PACKAGE_FAILED, "changelog", NULL, argv, NULL);
	free(log);
	free(folder);
	return err;
}

static int put_control(struct build *build, const struct package *package)
{
	char *control = control_text(build, package);
	int err = package_put(package->tree, "DEBIAN", "control", control, 0644, build->diag);

	err = err ?: put_script(build, package, "postinst", "livepatch.postinst");
	return err ?: put_script(build, package, "prerm", "livepatch.prerm");
}

static int run_dpkg_deb(struct build *build, const struct package *package)
{
	char *deb = format("%s/%s_%s_%s.deb", build->work, package->name, package->version,
			   package->architecture);
	const char *argv[] = {
		"dpkg-deb", "--root-owner-group", "-Zxz", "--build", package->tree, deb, NULL,
	};
	int err = deb ? package_run(&build->job, package, argv) : diag_oom(build->diag);

	if (err)
		free(deb);
	else
		build->package = deb;
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
	err = put_documents(build, package);
	err = err ?: put_control(build, package);
	return err ?: run_dpkg_deb(build, package);
}
