// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Not every kernel is in packages that we know. Its files can be given one by
 * one, or as the tree in which it was built, which has all of them. Given files
 * are checked here, before anything else, so that a wrong path is reported as
 * such. Files that aren't given come from packages as usual.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/kernel/source-tree.h"
#include "kpatch-build/kernel/given.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "lib/temporary.h"

/* Which file or folder of a build tree each option stands for. */
static const struct {
	const char *option;
	const char *in_tree; /* "" is the tree itself */
	size_t given; /* of struct options */
	size_t member; /* of struct kernel */
} inputs[] = {
	{ "--config", ".config", offsetof(struct options, config),
	  offsetof(struct kernel, given.config) },
	{ "--symvers", "Module.symvers", offsetof(struct options, symvers),
	  offsetof(struct kernel, given.symvers) },
	{ "--vmlinux", "vmlinux", offsetof(struct options, vmlinux),
	  offsetof(struct kernel, given.vmlinux) },
	{ "--modules", "", offsetof(struct options, modules),
	  offsetof(struct kernel, given.modules) },
	{ "--source", "source", offsetof(struct options, source),
	  offsetof(struct kernel, given.source) },
};

static int take(const char *option, const char *path, char **member, struct diag *diag)
{
	*member = realpath(path, NULL);
	if (*member && !access(*member, R_OK))
		return 0;
	return diag_error(diag, "KS334", NULL, "%s %s: %s", option, path, strerror(errno));
}

/* An O= tree has a link to its source; without one it was built in the source itself. */
static char *in_tree(const char *tree, const char *name)
{
	char *path = *name ? path_join(tree, name, NULL) : strdup(tree);

	if (path && !strcmp(name, "source") && !path_exists(path)) {
		free(path);
		path = strdup(tree);
	}
	return path;
}

static bool is_kernel_tree(const char *path)
{
	char *kbuild = path_join(path, "Kbuild", NULL), *scripts = path_join(path, "scripts", NULL);
	bool is = kbuild && scripts && path_exists(kbuild) && path_exists(scripts);

	free(kbuild);
	free(scripts);
	return is;
}

/* Check this early; make-index.c finds out whether any unit was built. */
static bool was_built(const char *tree)
{
	char *record = path_join(tree, ".vmlinux.cmd", NULL);
	bool was = record && path_exists(record);

	free(record);
	return was;
}

int take_given(const struct job *job, struct kernel *kernel)
{
	const struct options *options = &job->options;
	struct given *given = &kernel->given;
	int err = 0, one;

	if (options->build_tree)
		err = take("--build-tree", options->build_tree, &given->build_tree, job->diag);
	for (size_t i = 0; i < ARRAY_SIZE(inputs) && err != -ENOMEM; i++) {
		const char *path = *(const char **)((char *)options + inputs[i].given);
		char **member = (char **)((char *)kernel + inputs[i].member);
		char *inside = NULL;

		if (!path && given->build_tree) {
			path = inside = in_tree(given->build_tree, inputs[i].in_tree);
			if (!path)
				return diag_oom(job->diag);
		}
		one = path ? take(path == inside ? "--build-tree" : inputs[i].option, path, member,
				  job->diag)
			   : 0;
		err = err ?: one;
		free(inside);
		kernel->by_hand |= !!path;
	}
	if (!err && given->build_tree && !was_built(given->build_tree))
		err = diag_error(job->diag, "KS335", NULL, "%s", given->build_tree);
	if (!err && given->source && !is_kernel_tree(given->source))
		err = diag_error(job->diag, "KS334", NULL, "%s isn't the source of a kernel",
				 given->source);
	return err;
}

/* "Linux version 6.1.192-mine (root@…": the release that `uname -r` prints there. */
int release_of_vmlinux(const struct kernel *kernel, char **release, struct diag *diag)
{
	char *banner;
	int err = shipped_banner(kernel->given.vmlinux, &banner, diag);

	if (err)
		return err;
	*release = strndup(banner + strlen("Linux version "),
			   strcspn(banner + strlen("Linux version "), " "));
	free(banner);
	return *release ? 0 : diag_oom(diag);
}

static int make_links(const struct job *job, const struct kernel *kernel, const char *tree,
		      const char *stamp)
{
	char *temp = NULL;
	int err = make_temp_dir(kernel->dir, ".source-", &temp);

	progress_step(job->progress, "link the source");
	unlink(stamp);
	err = err ?: remove_tree(tree);
	err = err ?: source_tree_make(kernel->given.source, temp, TREE_OF_LINKS);
	err = err ?: rename(temp, tree) ? -errno : 0;
	if (!err)
		files_keep(temp);
	else if (temp)
		remove_tree(temp);
	err = err
		      ?: write_file_atomic(stamp, kernel->source_digest,
					   strlen(kernel->source_digest), 0644);
	free(temp);
	return err ? diag_errno(job->diag, -err, tree, "make") : 0;
}

/* The caller holds the kernel's lock. */
int prepare_given_source(const struct job *job, struct kernel *kernel)
{
	char *stamp = format("%s.stamp", kernel->source), *have = NULL, *source;
	size_t size;
	int err = stamp ? 0 : -ENOMEM;

	err = err ?: source_tree_digest(kernel->given.source, &kernel->source_digest);
	if (err) {
		diag_errno(job->diag, -err, kernel->given.source, "read");
	} else if (source_tree_is_unusable(kernel->given.source)) {
		if (read_file(stamp, &have, &size) || strcmp(have, kernel->source_digest))
			err = make_links(job, kernel, kernel->source, stamp);
	} else if (!(source = strdup(kernel->given.source))) {
		err = diag_oom(job->diag);
	} else {
		free(kernel->source);
		kernel->source = source;
	}
	free(have);
	free(stamp);
	return err;
}
