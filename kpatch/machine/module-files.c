// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files come from a build machine, over a network, perhaps from a package that
 * was only partly unpacked. Everything that can be checked without the kernel is
 * checked here, and all problems are reported at once.
 */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <libkmod.h>

#include "lib/paths.h"
#include "lib/array.h"
#include "kpatch/install.h"
#include "kpatch/machine/module-files.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "lib/text.h"

/* "/x/fix-cve.ko" → "fix_cve"; NULL if it isn't a module's file name (or memory is out). */
static char *module_name_of(const char *path)
{
	const char *base = base_name(path);
	size_t length = strlen(base);
	char *name;

	if (length <= 3 || strcmp(base + length - 3, ".ko"))
		return NULL;
	name = strndup(base, length - 3);
	return name ? klp_kernel_name(name) : NULL;
}

static int add_target(struct module_file *file, const char *value)
{
	struct built_for *longer;
	size_t object = strcspn(value, ":");

	longer = realloc(file->targets, (file->n_targets + 1) * sizeof(*longer));
	if (!longer)
		return -ENOMEM;
	file->targets = longer;
	file->targets[file->n_targets++] = (struct built_for){
		.object = strndup(value, object),
		.build_id = strdup(value[object] ? value + object + 1 : ""),
	};
	return 0;
}

static int take_field(struct module_file *file, const char *key, const char *value)
{
	const struct {
		const char *key;
		char **field;
	} fields[] = {
		{ "klp_split_patch", &file->patch }, { "klp_split_kernel", &file->release },
		{ "vermagic", &file->vermagic },     { "klp_split_replace", &file->replace },
		{ "sig_id", &file->sig_id },	     { "signer", &file->signer },
		{ "livepatch", &file->livepatch },
	};

	file->ours |= str_starts(key, "klp_split_");
	if (!strcmp(key, "klp_split_fix"))
		return strvec_add(&file->fixes, value);
	if (!strcmp(key, "klp_split_cve"))
		return strvec_has(&file->cves, value) ? 0 : strvec_add(&file->cves, value);
	if (!strcmp(key, "klp_split_object"))
		return add_target(file, value);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(key, fields[i].key) || *fields[i].field)
			continue;
		*fields[i].field = strdup(value);
		return *fields[i].field ? 0 : -ENOMEM;
	}
	return 0;
}

static void module_file_free(struct module_file *file)
{
	for (size_t i = 0; i < file->n_targets; i++) {
		free(file->targets[i].object);
		free(file->targets[i].build_id);
	}
	free(file->targets);
	free(file->path);
	free(file->name);
	free(file->patch);
	free(file->release);
	free(file->vermagic);
	free(file->replace);
	strvec_free(&file->fixes);
	strvec_free(&file->cves);
	free(file->livepatch);
	free(file->sig_id);
	free(file->signer);
}

static int read_modinfo(struct module_file *file)
{
	struct kmod_list *info = NULL, *item;
	struct kmod_module *module = NULL;
	struct kmod_ctx *ctx = kmod_new("/nonexistent", NULL);
	int err;

	if (!ctx)
		return -ENOMEM;
	kmod_set_log_priority(ctx, -1);
	err = kmod_module_new_from_path(ctx, file->path, &module);
	if (!err)
		err = kmod_module_get_info(module, &info);
	if (err > 0)
		err = 0;
	kmod_list_foreach(item, info)
		err = err
			      ?: take_field(file, kmod_module_info_get_key(item),
					    kmod_module_info_get_value(item));
	kmod_module_info_free_list(info);
	kmod_module_unref(module);
	kmod_unref(ctx);
	return err;
}

/* 0 with file->patch NULL if it is a module, but not of a livepatch of these tools. */
static int module_file_read(const char *path, struct module_file *file)
{
	struct module_file found = { .path = realpath(path, NULL) };
	int err;

	if (!found.path)
		return -errno;
	found.name = module_name_of(found.path);
	err = found.name ? read_modinfo(&found) : -EINVAL;
	if (!err && (!found.release || !found.vermagic || !found.n_targets)) {
		free(found.patch);
		found.patch = NULL;
	}
	if (err)
		module_file_free(&found);
	else
		*file = found;
	return err;
}

static bool is_main(const struct module_file *file)
{
	return file->patch && !strcmp(file->patch, file->name);
}

static int add_object(struct livepatch_files *files, struct module_file *file)
{
	struct module_file *longer;

	longer = realloc(files->objects, (files->n_objects + 1) * sizeof(*longer));
	if (!longer)
		return -ENOMEM;
	files->objects = longer;
	files->objects[files->n_objects++] = *file;
	return 0;
}

static int sort_module(struct host *host, struct livepatch_files *files, const char *path)
{
	struct module_file file = { 0 };
	int err = module_file_read(path, &file);

	if (err == -ENOMEM)
		return diag_oom(host->diag);
	if (err) {
		diag_error(host->diag, "KS401", NULL, "%s: %s", path, strerror(-err));
		return 0;
	}
	if (!strcmp(file.name, KLP_CORE_MODULE)) {
		free(files->core);
		files->core = strdup(file.path);
	} else if (is_main(&file)) {
		if (!files->main.name) {
			files->main = file;
			return 0;
		}
		diag_error(host->diag, "KS402", NULL, "%s and %s", files->main.path, file.path);
	} else if (file.patch) {
		if (!add_object(files, &file))
			return 0;
		err = diag_oom(host->diag);
	}
	module_file_free(&file);
	return err;
}

/* If one livepatch of a folder is wanted, broken files of others don't matter. */
static bool is_of_interest(const char *file, const char *wanted)
{
	char *name = module_name_of(file);
	size_t length = wanted ? strlen(wanted) : 0;
	bool is;

	is = name && (!wanted || !strcmp(name, wanted) || !strcmp(name, KLP_CORE_MODULE) ||
		      (!strncmp(name, wanted, length) && str_starts(name + length, "__")));
	free(name);
	return is;
}

static int read_folder(struct host *host, const char *folder, const char *wanted,
		       struct livepatch_files *files)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), err = 0;
	char *path;

	if (n < 0)
		return diag_errno(host->diag, errno, folder, "read");
	for (int i = 0; i < n; i++) {
		path = path_join(folder, entries[i]->d_name, NULL);
		if (!path)
			err = diag_oom(host->diag);
		else if (!err && !strcmp(entries[i]->d_name, STORED_CORE) && !files->core)
			files->core = strdup(path);
		else if (!err && is_of_interest(entries[i]->d_name, wanted))
			err = sort_module(host, files, path);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return err;
}

const struct built_for *livepatch_files_target(const struct livepatch_files *files,
					       const char *object)
{
	for (size_t i = 0; i < files->main.n_targets; i++)
		if (!strcmp(files->main.targets[i].object, object))
			return &files->main.targets[i];
	return NULL;
}

bool livepatch_files_replace(const struct livepatch_files *files)
{
	return files->main.replace && strcmp(files->main.replace, "0");
}

static const struct module_file *object_file(const struct livepatch_files *files,
					     const char *object)
{
	for (size_t i = 0; i < files->n_objects; i++)
		if (!strcmp(files->objects[i].targets[0].object, object))
			return &files->objects[i];
	return NULL;
}

/* The core asks modprobe for <patch>__<object>: the file must have that name. */
static bool has_right_name(const struct module_file *file)
{
	char *name = klp_object_module_name(file->patch, file->targets[0].object);
	bool is = name && !strcmp(name, file->name);

	free(name);
	return is;
}

/*
 * The main module lists its objects, each object module names its main module: the two must agree.
 */
static int check_whole(struct host *host, const struct livepatch_files *files)
{
	const struct module_file *main = &files->main, *file;
	const struct built_for *target;
	size_t before = diag_errors(host->diag);

	for (size_t i = 0; i < main->n_targets; i++) {
		target = &main->targets[i];
		if (strcmp(target->object, KLP_VMLINUX) && !object_file(files, target->object))
			diag_error(host->diag, "KS406", NULL, "%s__%s.ko is missing beside %s",
				   main->name, target->object, main->path);
	}
	for (size_t i = 0; i < files->n_objects; i++) {
		file = &files->objects[i];
		target = livepatch_files_target(files, file->targets[0].object);
		if (!target || strcmp(file->patch, main->name))
			diag_error(host->diag, "KS406", NULL, "%s is not listed by %s", file->path,
				   main->path);
		else if (!has_right_name(file))
			diag_error(host->diag, "KS406", NULL, "%s should be called %s__%s.ko",
				   file->path, file->patch, target->object);
		else if (strcmp(target->build_id, file->targets[0].build_id) ||
			 strcmp(main->release, file->release))
			diag_error(host->diag, "KS406", NULL, "%s and %s are of different builds",
				   main->path, file->path);
	}
	return diag_errors(host->diag) > before ? -EINVAL : 0;
}

/* A file selects its livepatch; a folder must contain only one livepatch. */
int livepatch_files_read(struct host *host, const char *path, struct livepatch_files *files)
{
	struct livepatch_files found = { 0 };
	size_t before = diag_errors(host->diag);
	char *copy = strdup(path), *wanted = NULL;
	struct stat st;
	int err = 0;

	if (!copy)
		return diag_oom(host->diag);
	if (stat(path, &st))
		err = diag_errno(host->diag, errno, path, "read");
	else if (S_ISDIR(st.st_mode))
		err = read_folder(host, path, NULL, &found);
	else if (!(wanted = module_name_of(path)))
		err = diag_error(host->diag, "KS401", NULL, "%s: its name does not end in .ko",
				 path);
	else
		err = read_folder(host, dirname(copy), wanted, &found);

	if (!err && diag_errors(host->diag) > before)
		err = -EINVAL;
	if (!err && !found.main.name)
		err = wanted ? diag_error(host->diag, "KS401", NULL, "%s", path)
			     : diag_error(host->diag, "KS402", NULL, "%s", path);
	err = err ?: check_whole(host, &found);
	free(wanted);
	free(copy);
	if (err)
		livepatch_files_free(&found);
	else
		*files = found;
	return err;
}

int livepatch_files_read_foreign(struct host *host, const char *path, struct livepatch_files *files)
{
	struct module_file file = { 0 };

	if (module_file_read(path, &file))
		return -ENOENT;
	if (file.ours || !file.livepatch || !file.vermagic) {
		module_file_free(&file);
		return -ENOENT;
	}
	free(file.release);
	file.release = strndup(file.vermagic, strcspn(file.vermagic, " "));
	if (!file.release) {
		module_file_free(&file);
		return diag_oom(host->diag);
	}
	*files = (struct livepatch_files){ .main = file, .foreign = true };
	return 0;
}

void livepatch_files_free(struct livepatch_files *files)
{
	module_file_free(&files->main);
	for (size_t i = 0; i < files->n_objects; i++)
		module_file_free(&files->objects[i]);
	free(files->objects);
	free(files->core);
	*files = (struct livepatch_files){ 0 };
}
