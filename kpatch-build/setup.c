// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two passes that need no kernel: they find the other tools and the modules'
 * sources, and choose the livepatch's name.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "kpatch-build/module/names.h"
#include "kpatch-build/kernel/plain-folders.h"
#include "lib/text.h"

static const char *const tools[] = { "create-diff-object", "klp-relocs" };

static bool folder_has_tools(const char *folder)
{
	bool has = true;

	for (size_t i = 0; i < ARRAY_SIZE(tools) && has; i++) {
		char *path = path_join(folder, tools[i], NULL);

		has = path && access(path, X_OK) == 0;
		free(path);
	}
	return has;
}

static bool folder_has_data(const char *folder)
{
	char *a = path_join(folder, "templates/main.c", NULL);
	char *b = path_join(folder, "kmod/klp_split.h", NULL);
	bool has = a && b && path_exists(a) && path_exists(b);

	free(a);
	free(b);
	return has;
}

/* Relative to the folder of our program: the build tree, and an installation at any place. */
static const char *const data_folders[] = { "../..", "../share/klp-split" };

static int find_data(struct job *job, const char *self)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_folders); i++) {
		char *path = path_join(self, data_folders[i], NULL);

		if (!path)
			return diag_oom(job->diag);
		if (folder_has_data(path))
			job->data = realpath(path, NULL);
		free(path);
		if (job->data)
			return 0;
	}
	job->data = strdup(KLP_SPLIT_DATADIR);
	if (!job->data)
		return diag_oom(job->diag);
	return folder_has_data(job->data) ? 0
					  : diag_error(job->diag, "KS345", NULL, "%s", job->data);
}

/* Our own folder first: a build tree must not use tools of an installed version. */
int find_tools(struct build *build)
{
	char self[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	if (slash && folder_has_tools(self)) {
		build->tools = strdup(self);
		if (!build->tools)
			return diag_oom(build->diag);
	}
	return find_data(&build->job, self);
}

int make_work(struct build *build)
{
	const char *given = getenv("TMPDIR") ?: "/tmp";
	int err = plain_work_folder("kpatch-build-", &build->work);

	if (err == -EINVAL)
		return diag_error(build->diag, "KS304", NULL, "%s (set TMPDIR)", given);
	return err ? diag_errno(build->diag, -err, given, "write") : 0;
}

/* With several kernels, each has a folder of its own in the one that was asked for. */
static char *output_folder(const struct options *options, const char *cwd, const char *name)
{
	const char *given = options->output ?: name;

	if (*given == '/')
		return path_join(given, options->one_of, NULL);
	return path_join(cwd, given, options->one_of, NULL);
}

/* See package.c. */
static void add_version(const struct job *job, struct livepatch *livepatch)
{
	char *name = format("%s_%s", livepatch->name, job->options.package_version);

	for (char *c = name; c && *c; c++)
		if (strchr(".+~", *c))
			*c = '_';
	free(livepatch->name);
	livepatch->name = name;
}

/* A pipe has no name, but a mail from it a subject. "": neither. */
static char *default_name(const struct series *series)
{
	if (!series->n_inputs)
		return name_from_path("prove");
	if (series->inputs[0].has_name)
		return name_from_path(series->inputs[0].name);
	return name_from_subject(series->n_diffs ? series->diffs[0].subject : "");
}

int name_livepatch(struct build *build)
{
	const struct options *options = &build->options;
	const char *problem;
	char *cwd;

	if (options->name) {
		build->name = strdup(options->name);
		if (build->name)
			klp_kernel_name(build->name);
	} else {
		build->name = default_name(&build->series);
	}
	if (build->name && options->package)
		add_version(&build->job, &build->livepatch);
	if (!build->name)
		return diag_oom(build->diag);
	if (!*build->name && !options->name)
		return diag_error(build->diag, "KS340", NULL,
				  "none can be made of %s: give it one (--name)",
				  build->n_inputs ? build->inputs[0].label : "nothing");
	problem = name_problem(build->name);
	if (problem)
		return diag_error(build->diag, "KS340", NULL, "'%s': %s", build->name, problem);
	cwd = getcwd(NULL, 0);
	if (cwd)
		build->output = output_folder(options, cwd, build->name);
	free(cwd);
	return build->output ? 0 : diag_oom(build->diag);
}
