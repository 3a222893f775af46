// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A klp relocation has no checksum, and a build-id says nothing about a file
 * that was truncated on its way. So the proof that kpatch-build made against the
 * debug packages is repeated here against what this machine has: the symbols of
 * the running kernel, and the modules that it would load.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/fit.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"
#include "lib/klp-format.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/signature.h"
#include "kpatch/targets.h"
#include "lib/object-index-running.h"

/*
 * The objects that modules are checked against; an object that is nowhere on this machine is
 * missing.
 */
struct inventory {
	char *kallsyms; /* NULL: the check is for another kernel */
	struct object_index **objects;
	size_t n;
};

static int add(struct inventory *have, struct object_index *index)
{
	struct object_index **longer;

	longer = realloc(have->objects, (have->n + 1) * sizeof(*longer));
	if (!longer) {
		object_index_free(index);
		return -ENOMEM;
	}
	have->objects = longer;
	have->objects[have->n++] = index;
	return 0;
}

static bool has(const struct inventory *have, const char *object)
{
	for (size_t i = 0; i < have->n; i++)
		if (!strcmp(object_index_name(have->objects[i]), object))
			return true;
	return false;
}

static int add_file(struct host *host, struct inventory *have, const char *path, const char *object)
{
	struct object_index *index;
	int err = object_index_load(path, object, &index, host->diag);

	return err ?: add(have, index);
}

static int add_running(struct host *host, struct inventory *have, const char *object)
{
	bool vmlinux = !strcmp(object, KLP_VMLINUX);
	char *id = vmlinux ? build_id_of_kernel(host) : build_id_of_loaded(host, object);
	struct object_index *index;
	int err = object_index_running(have->kallsyms, object, id, &index, host->diag);

	free(id);
	return err ?: add(have, index);
}

/*
 * Use the module's file if there is one, as it has all symbols; a loaded module no longer has those
 * of its init code.
 */
static int add_module(struct host *host, struct inventory *have, const char *object, char **path)
{
	int err = 0;

	*path = NULL;
	if (has(have, object))
		return 0;
	err = host->modules->find(host, object, path);
	if (!err)
		return add_file(host, have, *path, object);
	if (err != -ENOENT)
		return err;
	if (have->kallsyms && module_is_loaded(host, object))
		return add_running(host, have, object);
	host_say(host, "module %s is not on this machine: not checked", object);
	return 0;
}

static int add_dependencies(struct host *host, struct inventory *have, const char *object)
{
	char *depends = NULL, *rest, *name, *path;
	int err = 0;

	for (size_t i = 0; i < have->n; i++)
		if (!strcmp(object_index_name(have->objects[i]), object))
			depends = strdup(object_index_depends(have->objects[i]));
	rest = depends;
	while (rest && !err && (name = strsep(&rest, ",")))
		if (*name) {
			err = add_module(host, have, klp_kernel_name(name), &path);
			free(path);
		}
	free(depends);
	return err;
}

static void check_module(struct host *host, struct inventory *have, const char *path,
			 const char *target)
{
	struct elf_model *model = NULL, *patched = NULL;
	struct verify_counts counts = { 0 };
	int err = elf_model_load(path, &model, host->diag);

	if (!err && target)
		err = elf_model_load(target, &patched, host->diag);
	if (!err) {
		struct verify_inputs in = {
			.module = model,
			.target = patched,
			.objects = have->objects,
			.n_objects = have->n,
		};

		module_check_livepatch(model, host->diag);
		verify_sections(&in, &counts, host->diag);
		verify_modinfo(&in, host->diag);
		verify_symbols(&in, &counts, host->diag);
		verify_funcs(&in, host->diag);
	}
	elf_model_free(patched);
	elf_model_free(model);
}

static int check_object(struct host *host, struct inventory *have, const struct module_file *file)
{
	const char *object = file->targets[0].object;
	char *path;
	int err = add_module(host, have, object, &path);

	err = err ?: add_dependencies(host, have, object);
	if (!err && path)
		check_module(host, have, file->path, path);
	free(path);
	return err;
}

static int take_inventory(struct host *host, struct inventory *have,
			  const struct livepatch_files *files)
{
	int err;

	have->kallsyms = host_read(host, "/proc/kallsyms");
	if (!have->kallsyms)
		return diag_errno(host->diag, errno, "/proc/kallsyms", "read");
	err = add_running(host, have, KLP_VMLINUX);
	return err ?: add_file(host, have, files->main.path, files->main.name);
}

static void check_symbols(struct host *host, const struct livepatch_files *files)
{
	size_t before = diag_errors(host->diag);
	struct inventory have = { 0 };
	int err = take_inventory(host, &have, files);

	if (!err)
		check_module(host, &have, files->main.path, NULL);
	for (size_t i = 0; i < files->n_objects && !err; i++)
		err = check_object(host, &have, &files->objects[i]);
	if (diag_errors(host->diag) > before)
		diag_error(host->diag, "KS429", NULL, "'%s'", files->main.name);
	for (size_t i = 0; i < have.n; i++)
		object_index_free(have.objects[i]);
	free(have.objects);
	free(have.kallsyms);
}

int check_fit(struct host *host, const struct livepatch_files *files)
{
	size_t before = diag_errors(host->diag);

	fit_signatures(host, files);
	fit_targets(host, files);
	if (diag_errors(host->diag) > before)
		return -EINVAL;
	if (host->other_kernel)
		host_say(host, "%s: its symbols can be checked only when %s runs", files->main.name,
			 host->release);
	else
		check_symbols(host, files);
	return diag_errors(host->diag) > before ? -EINVAL : 0;
}
