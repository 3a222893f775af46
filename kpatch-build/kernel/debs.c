// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Package files: apt downloads them into a folder, and they are unpacked with
 * the user's permissions, not installed. A root with only some of its packages
 * would look complete, so it is renamed last.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "lib/array.h"
#include "kpatch-build/kernel/debs.h"
#include "kpatch-build/progress.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/temporary.h"
#include "lib/text.h"

char *find_deb(const char *debs, const char *package, const char *version)
{
	char *pattern, *path = NULL;
	struct dirent *entry;
	DIR *dir = opendir(debs);

	pattern = format("%s_%s_*.deb", package, version);
	while (dir && pattern && !path && (entry = readdir(dir)))
		if (!fnmatch(pattern, entry->d_name, 0))
			path = path_join(debs, entry->d_name, NULL);
	if (dir)
		closedir(dir);
	free(pattern);
	return path;
}

int keep_debs(const char *from, const char *to, struct diag *diag)
{
	struct dirent *entry;
	DIR *dir = opendir(from);
	int err = 0;

	if (!dir)
		return diag_errno(diag, errno, from, "open");
	while (!err && (entry = readdir(dir))) {
		char *a, *b;

		if (fnmatch("*.deb", entry->d_name, 0))
			continue;
		a = path_join(from, entry->d_name, NULL);
		b = path_join(to, entry->d_name, NULL);
		if (!a || !b)
			err = diag_oom(diag);
		else if (rename(a, b))
			err = diag_errno(diag, errno, b, "write");
		free(a);
		free(b);
	}
	closedir(dir);
	return err;
}

/* Unpack them in parallel: the one with the debug information takes as long as all others. */
int unpack_debs_into(const struct job *job, const struct strvec *debs, const char *root)
{
	struct process *processes = calloc(debs->n + 1, sizeof(*processes));
	struct strvec *argvs = calloc(debs->n + 1, sizeof(*argvs));
	int err = processes && argvs ? 0 : diag_oom(job->diag);
	size_t n;

	for (n = 0; n < debs->n && !err; n++) {
		strvec_add(&argvs[n], "dpkg-deb");
		strvec_add(&argvs[n], "-x");
		strvec_add(&argvs[n], debs->list[n]);
		strvec_add(&argvs[n], root);
		processes[n].argv = argvs[n].list;
		err = strvec_done(&argvs[n], job->diag);
	}
	if (!err && process_run_all(processes, n, job->options.jobs, NULL, NULL))
		err = -EINVAL;
	for (size_t i = 0; argvs && i < n; i++) {
		if (err && processes[i].status) {
			diag_error(job->diag, "KS307", NULL, "%s", debs->list[i]);
			run_report_log(job->diag, processes[i].log);
		}
		process_end(&processes[i]);
		strvec_free(&argvs[i]);
	}
	if (err && !diag_errors(job->diag))
		diag_errno(job->diag, -err, "dpkg-deb", "run");
	free(argvs);
	free(processes);
	return err;
}

/* Unpack all into one temporary root, which is renamed only when it is complete. */
int unpack_debs(const struct job *job, const struct strvec *debs, const char *root)
{
	char *parent = strndup(root, strrchr(root, '/') - root), *temp;
	int err;

	err = parent ? make_dirs(parent) ?: make_temp_dir(parent, ".root-", &temp) : -ENOMEM;
	free(parent);
	if (err)
		return diag_errno(job->diag, -err, root, "write");
	progress_step(job->progress, "unpack packages");
	err = unpack_debs_into(job, debs, temp);
	if (!err) {
		remove_tree(root);
		if (rename(temp, root))
			err = diag_errno(job->diag, errno, root, "write");
		else
			files_keep(temp);
	}
	if (err)
		remove_tree(temp);
	free(temp);
	return err;
}

/* Packages give their size in bytes, and their unpacked size in KiB. */
static const struct {
	const char *field;
	unsigned long long unit;
} sizes[] = {
	{ "Size: ", 1 },
	{ "Installed-Size: ", 1024 },
};

static unsigned long long room_for(const char *records)
{
	unsigned long long sum = 0;

	for (const char *at = records; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
			if (str_starts(at, sizes[i].field))
				sum += strtoull(at + strlen(sizes[i].field), NULL, 10) *
				       sizes[i].unit;
	return sum;
}

int debs_check_room(const struct kernel *kernel, const char *records, unsigned long long more,
		    struct diag *diag)
{
	const unsigned long long need = room_for(records) + more;
	struct statvfs fs;
	unsigned long long has;

	if (make_dirs(kernel->cache) || statvfs(kernel->cache, &fs))
		return diag_errno(diag, errno, kernel->cache, "look at");
	has = (unsigned long long)fs.f_bavail * fs.f_frsize;
	if (has >= need)
		return 0;
	return diag_error(diag, "KS384", NULL, "%s: %llu MB are needed, %llu MB are free",
			  kernel->cache, need >> 20, has >> 20);
}
