// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * depmod reads all folders below /lib/modules/RELEASE, dot or not, so the new
 * folder is made beside RELEASE (the same file system) and then swapped in.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "install.h"
#include "lib/files.h"

#define OURS "/lib/modules/%s/updates/klp-split"

/* Modules are read by modprobe as root: the mode is ours, not that of the folder they came in. */
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

static int fill(struct host *host, const char *folder, const struct livepatch_files *files)
{
	int err = copy_into(host, folder, &files->main);

	for (size_t i = 0; i < files->n_objects && !err; i++)
		err = copy_into(host, folder, &files->objects[i]);
	if (!err && chmod(folder, 0755))
		err = diag_errno(host->diag, errno, folder, "chmod");
	return err;
}

/* After it, @staged has what was in @folder before; *@had tells whether there was something. */
static int swap(struct host *host, const char *staged, const char *folder, bool *had)
{
	*had = path_exists(folder);
	if (renameat2(AT_FDCWD, staged, AT_FDCWD, folder,
		      *had ? RENAME_EXCHANGE : RENAME_NOREPLACE))
		return diag_errno(host->diag, errno, folder, "rename");
	return 0;
}

/* With the last livepatch goes the folder that we made for them. */
static void drop_empty_folder(const struct host *host)
{
	char *ours = host_path(host, OURS, host->release);

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

int install_modules(struct host *host, const struct livepatch_files *files,
		    struct installed *installed)
{
	char *modules = host_path(host, "/lib/modules");
	char *ours = host_path(host, OURS, host->release), *staged = NULL;
	struct installed new = { 0 };
	bool had = false;
	int err;

	new.name = strdup(files->main.name);
	new.folder = ours ? path_join(ours, files->main.name, NULL) : NULL;
	if (!modules || !new.folder || !new.name)
		err = diag_oom(host->diag);
	else if ((err = make_dirs(ours)))
		err = diag_errno(host->diag, -err, ours, "make");
	else if ((err = make_temp_dir(modules, ".klp-split-", &staged)))
		err = diag_errno(host->diag, -err, modules, "make a folder in");
	err = err ?: fill(host, staged, files);
	err = err ?: swap(host, staged, new.folder, &had);
	if (!err && had) {
		new.before = staged;
		staged = NULL;
	}
	if (!err) {
		err = host->modules->update_dependencies(host);
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
	if (installed->before) {
		err = swap(host, installed->before, installed->folder, &had);
		remove_tree(installed->before);
	} else {
		err = remove_tree(installed->folder);
	}
	drop_empty_folder(host);
	err = err ?: host->modules->update_dependencies(host);
	installed_free(installed);
	return err;
}

int install_remove(struct host *host, const char *livepatch)
{
	char *folder = host_path(host, OURS "/%s", host->release, livepatch);
	int err = folder ? 0 : diag_oom(host->diag);

	if (!err && path_exists(folder)) {
		err = remove_tree(folder);
		drop_empty_folder(host);
		if (err)
			err = diag_errno(host->diag, -err, folder, "remove");
		else
			err = host->modules->update_dependencies(host);
	}
	free(folder);
	return err;
}
