// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The modules of a livepatch belong together: half of a new set with half of an
 * old one is worse than none. So the folder is filled under another name, and
 * renamed at the end, in one step, even if an older one has the name. A folder
 * that contains anything that isn't ours is left alone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/paths.h"
#include "kpatch-build/build.h"
#include "kpatch-build/output/output.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/text.h"
#include "lib/temporary.h"

static bool is_manifest(const char *dir, const char *name)
{
	char *path = path_join(dir, name, NULL);
	json_t *json = path ? json_load_file(path, 0, NULL) : NULL;
	bool is = json_object_get(json, "klp_split_manifest");

	json_decref(json);
	free(path);
	return is;
}

/* It is empty, or contains only modules and packages, and a manifest of ours with its report. */
static bool is_ours(const char *path)
{
	bool manifest = false, empty = true, foreign = false;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir)
		return false;
	while (!foreign && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		empty = false;
		if (!fnmatch("*.json", entry->d_name, 0))
			foreign = !(manifest = is_manifest(path, entry->d_name));
		else
			foreign = fnmatch("*.ko", entry->d_name, 0) &&
				  fnmatch("*.html", entry->d_name, 0) &&
				  fnmatch("livepatch-*.deb", entry->d_name, 0) &&
				  fnmatch("livepatch-*.rpm", entry->d_name, 0);
	}
	closedir(dir);
	return !foreign && (empty || manifest);
}

/* Check this early, so that nobody waits for a build that then can't be written. */
int check_output(struct build *build)
{
	struct stat st;

	if (build->options.check)
		return 0;
	if (lstat(build->output, &st)) {
		if (errno == ENOENT)
			return 0;
		return diag_errno(build->diag, errno, build->output, "look at");
	}
	if (!S_ISDIR(st.st_mode))
		return diag_error(build->diag, "KS342", NULL, "%s is no folder", build->output);
	if (!is_ours(build->output))
		return diag_error(build->diag, "KS342", NULL, "%s", build->output);
	return 0;
}

static int add_module(const char *dir, const char *name, const char *from)
{
	char *path = format("%s/%s.ko", dir, name);
	int err = path ? copy_file(from, path) : -ENOMEM;

	if (!err && chmod(path, 0644))
		err = -errno;
	free(path);
	return err;
}

static int add_report(const struct livepatch *livepatch, const char *dir)
{
	char *path = format("%s/%s.html", dir, livepatch->name);
	int err = path ? write_file_atomic(path, livepatch->report, strlen(livepatch->report), 0644)
		       : -ENOMEM;

	free(path);
	return err;
}

/* The core is included: `kpatch load` uses it if the machine has none. */
int fill_output(const struct reached *reached, const struct livepatch *livepatch, const char *dir)
{
	char *path, *text;
	int err;

	err = add_module(dir, KLP_CORE_MODULE, livepatch->core_ko);
	for (size_t i = 0; i < reached->n_objects && !err; i++) {
		const struct object *object = &reached->objects[i];

		if (object->ko)
			err = add_module(dir, object->module, object->ko);
	}
	path = format("%s/%s.json", dir, livepatch->name);
	text = json_dumps(livepatch->manifest, JSON_INDENT(2));
	if (!path || !text)
		err = err ?: -ENOMEM;
	err = err ?: write_file_atomic(path, text, strlen(text), 0644);
	free(text);
	free(path);
	return err ?: add_report(livepatch, dir);
}

static int add_package(const struct livepatch *livepatch, const char *dir)
{
	char *path = livepatch->package ? path_join(dir, base_name(livepatch->package), NULL)
					: NULL;
	int err = path ? copy_file(livepatch->package, path) : 0;

	free(path);
	return livepatch->package && !path ? -ENOMEM : err;
}

int install_output(struct build *build)
{
	char *parent = strdup(build->output), *temp = NULL;
	mode_t mask = umask(0);
	int err;

	umask(mask);
	err = parent ? check_output(build) : diag_oom(build->diag);
	if (err) {
		free(parent);
		return err;
	}
	for (size_t n = strlen(parent); n > 1 && parent[n - 1] == '/'; n--)
		parent[n - 1] = build->output[n - 1] = '\0';
	*strrchr(parent, '/') = '\0';
	err = make_dirs(*parent ? parent : "/");
	err = err ?: make_temp_dir(*parent ? parent : "/", ".klp-split-", &temp);
	err = err ?: fill_output(&build->reached, &build->livepatch, temp);
	err = err ?: add_package(&build->livepatch, temp);
	err = err ?: chmod(temp, 0777 & ~mask) ? -errno : 0;
	if (!err && renameat2(AT_FDCWD, temp, AT_FDCWD, build->output, RENAME_NOREPLACE) == 0) {
		files_keep(temp);
	} else if (!err && errno == EEXIST) {
		/* the old one gets the temporary name, and is removed */
		if (renameat2(AT_FDCWD, temp, AT_FDCWD, build->output, RENAME_EXCHANGE))
			err = -errno;
		else
			remove_tree(temp);
	} else if (!err) {
		err = -errno;
	}
	if (err) {
		diag_errno(build->diag, -err, build->output, "write");
		if (temp)
			remove_tree(temp);
	}
	free(temp);
	free(parent);
	return err;
}
