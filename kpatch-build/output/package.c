// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fleet installs packages, not folders. One package is one livepatch for one
 * kernel: it depends on exactly that kernel, and its scripts leave the work to
 * kpatch (templates/livepatch.postinst, livepatch.prerm).
 *
 * An upgrade has to replace the old livepatch in one step, and two livepatches
 * of one name can't be loaded at once. So the package's version is part of the
 * livepatch's name: version 2 of "fix" is livepatch fix_2.
 */
#include <errno.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/output/output.h"
#include "lib/files.h"
#include "kpatch-build/output/package.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/output/package-deb.h"
#include "kpatch-build/output/package-rpm.h"
#include "lib/text.h"

/* Package names have no capitals and no '_'. */
static char *package_name(const struct job *job, const struct kernel *kernel,
			  const struct livepatch *livepatch)
{
	size_t base = strlen(livepatch->name) - strlen(job->options.package_version) - 1;
	char *name = format("livepatch-%.*s-%s", (int)base, livepatch->name, kernel->release);

	for (char *c = name; c && *c; c++)
		*c = *c == '_' ? '-' : tolower((unsigned char)*c);
	return name;
}

static char *package_maintainer(void)
{
	const char *name = getenv("DEBFULLNAME"), *mail = getenv("DEBEMAIL");

	return format("%s <%s>", name ?: "unknown", mail ?: "unknown@klp-split.invalid");
}

static time_t newest_diff(const struct series *series)
{
	time_t newest = 0;

	for (size_t i = 0; i < series->n_inputs; i++)
		if (series->inputs[i].date > newest)
			newest = series->inputs[i].date;
	return newest;
}

static int begin(struct build *build, struct package *package)
{
	package->name = package_name(&build->job, &build->kernel, &build->livepatch);
	package->version = strdup(build->options.package_version);
	package->maintainer = package_maintainer();
	package->tree = path_join(build->work, "package", NULL);
	package->date = newest_diff(&build->series);
	return package->name && package->version && package->maintainer && package->tree
		       ? 0
		       : diag_oom(build->diag);
}

static void end(struct package *package)
{
	free(package->name);
	free(package->version);
	free(package->architecture);
	free(package->maintainer);
	free(package->tree);
}

static int put_modules(const struct kernel *kernel, const struct reached *reached,
		       const struct livepatch *livepatch, struct diag *diag,
		       const struct package *package)
{
	char *folder = path_join(package->tree, "usr/lib/klp-split/livepatches", kernel->release,
				 livepatch->name, NULL);
	int err = folder ? make_dirs(folder) : -ENOMEM;

	err = err ?: fill_output(reached, livepatch, folder);
	if (err)
		diag_errno(diag, -err, folder ?: livepatch->name, "write");
	free(folder);
	return err;
}

static const struct package_kind {
	const char *name;
	int (*make)(struct build *build, struct package *package);
} kinds[] = {
	{ "deb", package_deb },
	{ "rpm", package_rpm },
};

int make_package(struct build *build)
{
	struct package package = { 0 };
	mode_t mask;
	int err;

	if (!build->options.package)
		return 0;
	progress_step(build->progress, "package");
	mask = umask(022); /* modes in the package must not depend on the user who builds it */
	err = begin(build, &package);
	err = err
		      ?: put_modules(&build->kernel, &build->reached, &build->livepatch,
				     build->diag, &package);
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !err; i++)
		if (!strcmp(kinds[i].name, build->options.package))
			err = kinds[i].make(build, &package);
	umask(mask);
	end(&package);
	return err;
}
