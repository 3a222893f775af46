// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The place in the cache for the files of a kernel, and the lock that lets one
 * process at a time change them.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/kernel/plain-folders.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"
#include "lib/process.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "lib/temporary.h"

/*
 * Files made for a kernel that was given by hand must not be used for another one of the same
 * release. So each set of given files has a folder of its own.
 */
static char *folder_of_given(const struct kernel *kernel)
{
	const char *const files[] = {
		kernel->given.source,  kernel->given.config,  kernel->given.vmlinux,
		kernel->given.modules, kernel->given.symvers, kernel->given.build_tree,
	};
	uint32_t sum = 2166136261u; /* FNV-1a; the stamp in that folder has real digests */

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		for (const char *c = files[i] ?: "-";; c++) {
			sum = (sum ^ (unsigned char)*c) * 16777619u;
			if (!*c)
				break;
		}
	return format("%s/kernels/%s-%08x", kernel->cache, kernel->release, sum);
}

int set_paths(struct kernel *kernel, struct diag *diag)
{

	kernel->root = path_join(kernel->cache, "kernels", kernel->release, "root", NULL);
	kernel->dir = kernel->by_hand ? NULL
				      : path_join(kernel->cache, "kernels", kernel->release, NULL);
	if (kernel->by_hand && !(kernel->dir = folder_of_given(kernel)))
		return diag_oom(diag);
	kernel->source = kernel->dir ? path_join(kernel->dir, "source", NULL) : NULL;
	kernel->build = kernel->dir ? path_join(kernel->dir, "build", NULL) : NULL;
	kernel->index = kernel->dir ? path_join(kernel->dir, UNIT_INDEX_NAME, NULL) : NULL;
	return kernel->source && kernel->build && kernel->index && kernel->root ? 0
										: diag_oom(diag);
}

int set_cache(struct kernel *kernel, struct diag *diag)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path;
	int err;

	if (base && *base == '/')
		path = path_join(base, "klp-split", NULL);
	else
		path = path_join(home ?: "/root", ".cache/klp-split", NULL);
	err = path ? plain_cache_folder(path, &kernel->cache) : -ENOMEM;
	if (err)
		err = err == -ENOMEM ? diag_oom(diag) : diag_error(diag, "KS304", NULL, "%s", path);
	free(path);
	return err;
}

struct waiting {
	struct progress *progress;
	const char *release;
};

static void tell_waiting(const char *path, void *arg)
{
	const struct waiting *waiting = arg;

	progress_step(waiting->progress, "wait for another run on %s", waiting->release);
}

/* Remove what a killed run was making: with the lock held, no other run is making anything here. */
static void sweep(const char *folder)
{
	static const char *const patterns[] = { ".root[.-]*", ".source[.-]*", ".unit[.-]*" };
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
			char *path;

			if (fnmatch(patterns[i], entry->d_name, 0))
				continue;
			path = path_join(folder, entry->d_name, NULL);
			if (path)
				remove_tree(path);
			free(path);
		}
	}
	if (dir)
		closedir(dir);
}

int kernel_lock(const struct job *job, struct kernel *kernel)
{
	struct waiting waiting = { job->progress, kernel->release };
	char *path = format("%s/kernels/.%s.lock", kernel->cache, kernel->release);
	int fd;

	if (!path)
		return diag_oom(job->diag);
	fd = make_dirs(kernel->dir) ?: lock_file(path, tell_waiting, &waiting);
	if (fd < 0)
		diag_errno(job->diag, -fd, path, "lock");
	free(path);
	if (fd < 0)
		return fd;
	kernel->lock = fd;
	sweep(kernel->dir);
	return 0;
}

void kernel_unlock(struct kernel *kernel)
{
	unlock_file(kernel->lock);
	kernel->lock = -1;
}
