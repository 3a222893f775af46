// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmbuild needs a spec file, and changes what is packaged: it strips binaries,
 * finds dependencies, and adds times and hosts. The template
 * (templates/livepatch.spec) turns that off; this file fills it in.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/output/package-parts.h"
#include "kpatch-build/output/package-rpm.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

/* '%' begins a macro everywhere in a spec file. Takes @text. */
static char *escape(char *text)
{
	size_t size;
	char *result = NULL;
	FILE *out = text ? open_memstream(&result, &size) : NULL;

	for (const char *at = text; out && *at; at++) {
		if (*at == '%')
			fputc('%', out);
		fputc(*at, out);
	}
	free(text);
	if (out && fclose(out)) {
		free(result);
		result = NULL;
	}
	return result;
}

/* "* Sat Nov 21 2026 Name <mail> - 1.2-1", and a line for each diff */
static char *changelog(const struct series *series, const struct package *package)
{
	char *fixes = escape(package_headlines(series, "- ")), *text;
	char date[64] = "";
	struct tm tm;

	if (gmtime_r(&package->date, &tm))
		strftime(date, sizeof(date), "%a %b %d %Y", &tm);
	text = !fixes ? NULL
		      : format("* %s %s - %s-1\n%s", date, package->maintainer, package->version,
			       fixes);
	free(fixes);
	return text;
}

static char *script(const struct job *job, const struct kernel *kernel,
		    const struct livepatch *livepatch, const struct package *package,
		    const char *name)
{
	return escape(package_template(job, kernel, livepatch, package, name));
}

static char *spec(const struct job *job, const struct kernel *kernel, const struct series *series,
		  const struct livepatch *livepatch, const struct package *package)
{
	char *log = changelog(series, package), *text = NULL;
	char *fixes = escape(package_headlines(series, "- "));
	char *postinst = script(job, kernel, livepatch, package, "livepatch.postinst");
	char *prerm = script(job, kernel, livepatch, package, "livepatch.prerm");
	const struct package_mark marks[] = {
		{ "@VERSION@", package->version },
		{ "@MAINTAINER@", package->maintainer },
		{ "@TREE@", package->tree },
		{ "@POSTINST@", postinst },
		{ "@PRERM@", prerm },
		{ "@CHANGELOG@", log },
		{ "@FIXES@", fixes },
	};

	if (!log || !fixes)
		diag_oom(job->diag);
	else if (postinst && prerm)
		text = package_fill(kernel, livepatch, package,
				    package_template(job, kernel, livepatch, package,
						     "livepatch.spec"),
				    marks, ARRAY_SIZE(marks));
	free(log);
	free(fixes);
	free(postinst);
	free(prerm);
	return text;
}

static int run_rpmbuild(const struct job *job, const struct package *package, const char *top)
{
	char *topdir = format("_topdir %s", top), *rpmdir = format("_rpmdir %s", job->work);
	char *file = path_join(top, "livepatch.spec", NULL);
	const char *argv[] = {
		"rpmbuild",
		"-bb",
		"--quiet",
		"--define",
		topdir,
		"--define",
		rpmdir,
		"--define",
		"_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
		/* the same bytes at any time and on any host */
		"--define",
		"_buildhost klp-split",
		"--define",
		"use_source_date_epoch_as_buildtime 1",
		"--define",
		"clamp_mtime_to_source_date_epoch 1",
		file,
		NULL,
	};
	int err = topdir && rpmdir && file ? package_run(job, package, argv) : diag_oom(job->diag);

	free(topdir);
	free(rpmdir);
	free(file);
	return err;
}

int package_rpm(struct build *build, struct package *package)
{
	const char *argv[] = { "rpm", "--eval", "%{_arch}", NULL };
	char *top = path_join(build->work, "rpm", NULL), *text = NULL;
	int err;

	err = top ? run(&build->job, PACKAGE_FAILED, "which architecture", NULL, argv,
			&package->architecture)
		  : diag_oom(build->diag);
	if (!err)
		package->architecture[strcspn(package->architecture, "\n")] = '\0';
	if (!err &&
	    !(text = spec(&build->job, &build->kernel, &build->series, &build->livepatch, package)))
		err = -EINVAL;
	err = err ?: package_put(build->work, "rpm", "livepatch.spec", text, 0644, build->diag);
	err = err ?: run_rpmbuild(&build->job, package, top);
	free(top);
	if (err)
		return err;
	build->package = format("%s/%s-%s-1.%s.rpm", build->work, package->name, package->version,
				package->architecture);
	return build->package ? 0 : diag_oom(build->diag);
}
