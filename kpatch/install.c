// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * depmod reads all folders below /lib/modules/RELEASE, dot or not, so the new
 * folder is made beside RELEASE (the same file system) and then swapped in.
 *
 * After a kill or a power cut at any moment, there is either the old folder or
 * the new one, perhaps with modules.dep of the other. A marker, which is written
 * before the swap and removed after depmod, tells the next kpatch that
 * modules.dep may be out of date.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kpatch/install.h"
#include "lib/files.h"
#include "lib/text.h"
#include "lib/temporary.h"

#define MODULES "/lib/modules"
#define STAGED ".klp-split-"
#define LIST_IS_OLD MODULES "/.klp-split.depmod.%s"

/* modprobe reads modules as root, so the copy gets a mode of our own. */
static int copy_into(struct host *host, const char *folder, const struct module_file *file)
{
	char *to = format("%s/%s.ko", folder, file->name), *data = NULL;
	size_t size;
	int err = to ? read_file(file->path, &data, &size) : -ENOMEM;

	if (err) {
		err = diag_errno(host->diag, -err, file->path, "read");
	} else {
		err = write_file_atomic(to, data, size, 0644);
		if (err)
			err = diag_errno(host->diag, -err, to, "write");
	}
	free(data);
	free(to);
	return err;
}

/*
 * The core is not copied as a module that modprobe finds: modprobe uses the core of the installed
 * tools. This copy is for machines without it.
 */
static int copy_core(struct host *host, const char *folder, const char *core)
{
	char *to = core ? path_join(folder, STORED_CORE, NULL) : NULL;
	int err = to ? copy_file(core, to) : 0;

	if (err)
		err = diag_errno(host->diag, -err, to, "write");
	free(to);
	return core && !to ? diag_oom(host->diag) : err;
}

static int write_record(struct host *host, const char *folder, const char *record)
{
	char *path = record ? path_join(folder, STORED_RECORD, NULL) : NULL;
	int err = path ? write_file_atomic(path, record, strlen(record), 0644) : 0;

	if (err)
		err = diag_errno(host->diag, -err, path, "write");
	free(path);
	return record && !path ? diag_oom(host->diag) : err;
}

static int fill(struct host *host, const char *folder, const struct livepatch_files *files,
		const char *record)
{
	int err = copy_into(host, folder, &files->main);

	for (size_t i = 0; i < files->n_objects && !err; i++)
		err = copy_into(host, folder, &files->objects[i]);
	err = err ?: copy_core(host, folder, files->core);
	err = err ?: write_record(host, folder, record);
	if (!err && chmod(folder, 0755))
		err = diag_errno(host->diag, errno, folder, "chmod");
	return err;
}

static int mark_list_old(struct host *host)
{
	char *marker = host_path(host, LIST_IS_OLD, host->release);
	char *modules = host_path(host, MODULES);
	int err = marker && modules ? write_file_atomic(marker, "", 0, 0644) : -ENOMEM;

	err = err ?: sync_dir(modules);
	if (err)
		err = diag_errno(host->diag, -err, marker ?: MODULES, "write");
	free(modules);
	free(marker);
	return err;
}

/* The folders are on disk before the list is written, and the list before the marker is removed. */
static int renew_list(struct host *host)
{
	char *marker = host_path(host, LIST_IS_OLD, host->release);
	char *ours = host_path(host, STORE, host->release);
	int err = marker && ours ? 0 : diag_oom(host->diag);

	if (!err && path_exists(ours))
		sync_dir(ours);
	err = err ?: host->modules->update_dependencies(host);
	if (!err)
		unlink(marker);
	free(ours);
	free(marker);
	return err;
}

/* Afterwards @staged has the previous content of @folder; *@had tells whether there was any. */
static int swap(struct host *host, const char *staged, const char *folder, bool *had)
{
	*had = path_exists(folder);
	if (renameat2(AT_FDCWD, staged, AT_FDCWD, folder,
		      *had ? RENAME_EXCHANGE : RENAME_NOREPLACE))
		return diag_errno(host->diag, errno, folder, "rename");
	return 0;
}

/* Remove the folder of all livepatches with the last one. */
static void drop_empty_folder(const struct host *host)
{
	char *ours = host_path(host, STORE, host->release);

	if (ours)
		rmdir(ours);
	free(ours);
}

static void installed_free(struct installed *installed)
{
	free(installed->name);
	free(installed->folder);
	free(installed->before);
	*installed = (struct installed){ 0 };
}

int install_modules(struct host *host, const struct livepatch_files *files, const char *record,
		    struct installed *installed)
{
	char *modules = host_path(host, MODULES);
	char *ours = host_path(host, STORE, host->release), *staged = NULL;
	struct installed new = { 0 };
	bool had = false;
	int err;

	new.name = strdup(files->main.name);
	new.folder = ours ? path_join(ours, files->main.name, NULL) : NULL;
	if (!modules || !new.folder || !new.name)
		err = diag_oom(host->diag);
	else if ((err = make_dirs(ours)))
		err = diag_errno(host->diag, -err, ours, "make");
	else if ((err = make_temp_dir(modules, STAGED, &staged)))
		err = diag_errno(host->diag, -err, modules, "make a folder in");
	err = err ?: fill(host, staged, files, record);
	err = err ?: mark_list_old(host);
	err = err ?: swap(host, staged, new.folder, &had);
	if (!err && had) {
		new.before = staged;
		staged = NULL;
	}
	if (!err) {
		err = renew_list(host);
		if (err)
			install_undo(host, &new);
	}
	if (staged)
		remove_tree(staged);
	free(staged);
	free(modules);
	free(ours);
	if (err)
		installed_free(&new);
	else
		*installed = new;
	return err;
}

void install_keep(struct host *host, struct installed *installed)
{
	if (installed->before)
		remove_tree(installed->before);
	installed_free(installed);
}

int install_undo(struct host *host, struct installed *installed)
{
	bool had;
	int err = 0;

	if (!installed->folder)
		return 0;
	mark_list_old(host);
	if (installed->before) {
		err = swap(host, installed->before, installed->folder, &had);
		remove_tree(installed->before);
	} else {
		err = remove_tree(installed->folder);
	}
	drop_empty_folder(host);
	err = err ?: renew_list(host);
	installed_free(installed);
	return err;
}

/*
 * Rename the folder first, so that modprobe stops seeing it in one step; removing it may then take
 * its time.
 */
static int remove_folder(struct host *host, const char *folder, const char *livepatch)
{
	char *aside = host_path(host, MODULES "/" STAGED "%s", livepatch);
	int err = aside ? remove_tree(aside) : -ENOMEM; /* left by a kpatch that was killed here */

	if (!err && rename(folder, aside))
		err = -errno;
	err = err ?: remove_tree(aside);
	if (err)
		diag_errno(host->diag, -err, folder, "remove");
	free(aside);
	return err;
}

int install_remove(struct host *host, const char *livepatch)
{
	char *folder = host_path(host, STORE "/%s", host->release, livepatch);
	int err = folder ? 0 : diag_oom(host->diag);

	if (!err && path_exists(folder)) {
		err = mark_list_old(host);
		err = err ?: remove_folder(host, folder, livepatch);
		drop_empty_folder(host);
		err = err ?: renew_list(host);
	}
	free(folder);
	return err;
}

int install_forget(struct host *host, const char *livepatch)
{
	char *folder = host_path(host, STORE "/%s", host->release, livepatch);
	char *record = folder ? path_join(folder, STORED_RECORD, NULL) : NULL;
	int err = record ? 0 : -ENOMEM;

	if (!err && unlink(record) && errno != ENOENT)
		err = -errno;
	err = err ?: sync_dir(folder);
	if (err)
		diag_errno(host->diag, -err, record ?: livepatch, "remove");
	free(record);
	free(folder);
	return err;
}

static bool is_staged(const char *name)
{
	return str_starts(name, STAGED);
}

/* Returns how many staged folders there are, or were. */
static size_t for_each_staged(const struct host *host, int (*take)(const char *path))
{
	char *modules = host_path(host, MODULES), *path;
	struct dirent **entries;
	int n = modules ? scandir(modules, &entries, NULL, NULL) : -1;
	size_t staged = 0;

	for (int i = 0; i < n; i++) {
		path = is_staged(entries[i]->d_name) ? path_join(modules, entries[i]->d_name, NULL)
						     : NULL;
		if (path && take)
			take(path);
		if (path)
			staged++;
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	free(modules);
	return staged;
}

bool install_is_unfinished(const struct host *host)
{
	return host_has(host, LIST_IS_OLD, host->release) || for_each_staged(host, NULL);
}

int install_repair(struct host *host)
{
	for_each_staged(host, remove_tree);
	if (!host_has(host, LIST_IS_OLD, host->release))
		return 0;
	drop_empty_folder(host);
	return renew_list(host);
}
