// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own kbuild builds the modules, so they have its version magic,
 * CRCs and ORC data. By default, kbuild also writes into each module which
 * other modules it needs, and modprobe would load and pin those. Our modules
 * refer to them by klp relocations instead.
 *
 * So kbuild gets a view of the build tree in which Module.symvers lists only
 * what vmlinux exports to all modules; the core's is added to it. Everything
 * else stays undefined, and klp-relocs has to account for each such symbol.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch-build/module/modules.h"
#include "kpatch-build/run.h"
#include "lib/symvers.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "kpatch-build/module/btf-ids.h"
#include "kpatch-build/module/link.h"

/* Does a line of a Module.symvers ("crc, symbol, …", separated by tabs) name an open export? */
static int is_open_export(const struct symvers *symvers, const char *line, bool *open)
{
	const char *name = strchrnul(line, '\t');
	char *symbol;

	name += *name == '\t';
	symbol = strndup(name, strcspn(name, "\t\n"));
	*open = symbol && symvers_is_open_export(symvers, symbol);
	free(symbol);
	return symbol ? 0 : -ENOMEM;
}

/*
 * Write the lines of the kernel's Module.symvers that an ordinary reference may use: lib/symvers.h.
 */
static int write_open_exports(const struct kernel *kernel, const char *view, struct diag *diag)
{
	char *to = path_join(view, "Module.symvers", NULL), *data = NULL, *out, *end;
	struct symvers *symvers = NULL;
	size_t size;
	int err;

	err = symvers_load(kernel->symvers, &symvers, diag);
	if (err)
		goto out;
	err = to ? read_file(kernel->symvers, &data, &size) : -ENOMEM;
	out = data;
	for (char *line = data; !err && *line; line = end) {
		bool open;

		end = strchrnul(line, '\n');
		end += *end == '\n';
		err = is_open_export(symvers, line, &open);
		if (!open)
			continue;
		memmove(out, line, end - line);
		out += end - line;
	}
	err = err ?: write_file_atomic(to, data, out - data, 0644);
	if (err)
		diag_errno(diag, -err, to ?: view, "write");
out:
	symvers_free(symvers);
	free(data);
	free(to);
	return err;
}

static int make_view(const struct kernel *kernel, const char *view, struct diag *diag)
{
	struct dirent *entry;
	DIR *dir = NULL;
	int err = make_dirs(view);

	if (!err && !(dir = opendir(kernel->build)))
		err = -errno;
	while (!err && (entry = readdir(dir))) {
		char *from, *to;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    !strcmp(entry->d_name, "Module.symvers"))
			continue;
		from = path_join(kernel->build, entry->d_name, NULL);
		to = path_join(view, entry->d_name, NULL);
		err = !from || !to ? -ENOMEM : symlink(from, to) ? -errno : 0;
		free(from);
		free(to);
	}
	if (dir)
		closedir(dir);
	if (err)
		return diag_errno(diag, -err, view, "make");
	return write_open_exports(kernel, view, diag);
}

/*
 * Build the core for this kernel from its sources, once, into the cache. Our modules need its
 * exports, and users who load them need the core itself.
 */
static int make_core(const struct job *job, struct kernel *kernel, struct livepatch *livepatch)
{
	struct strvec argv = { 0 };
	char *out = path_join(kernel->dir, "core", NULL);
	char *ko = out ? path_join(out, KLP_CORE_MODULE ".ko", NULL) : NULL;
	char *symvers = out ? path_join(out, "Module.symvers", NULL) : NULL;
	int err;

	livepatch->core_ko = path_join(job->work, KLP_CORE_MODULE ".ko", NULL);
	livepatch->core_symvers = path_join(job->work, "core.symvers", NULL);
	if (!ko || !symvers || !livepatch->core_symvers || !livepatch->core_ko) {
		free(symvers);
		free(ko);
		free(out);
		return diag_oom(job->diag);
	}
	strvec_add(&argv, "make");
	strvec_add(&argv, "-C");
	strvec_addf(&argv, "%s/kmod", job->data);
	strvec_addf(&argv, "KDIR=%s", kernel->build);
	strvec_addf(&argv, "OUT=%s", out);
	strvec_addf(&argv, "KLP_RELOCS=%s%sklp-relocs", job->tools ?: "", job->tools ? "/" : "");
	err = strvec_done(&argv, job->diag);
	err = err ?: kernel_lock(job, kernel);
	if (!err) {
		err = run(job, "KS347", "core", NULL, argv.list, NULL);
		/* copy them: another run, with other sources of the core, may overwrite them */
		if (!err && ((err = copy_file(ko, livepatch->core_ko)) ||
			     (err = copy_file(symvers, livepatch->core_symvers))))
			diag_errno(job->diag, -err, job->work, "write");
		kernel_unlock(kernel);
	}
	strvec_free(&argv);
	free(symvers);
	free(ko);
	free(out);
	return err;
}

/* Run one make for all modules: most of its time is its start. */
static int make_modules(const struct job *job, const struct kernel *kernel,
			const struct reached *reached, const struct livepatch *livepatch,
			const char *view)
{
	char *all = path_join(job->work, "modules", NULL);
	char *kbuild = all ? path_join(all, "Kbuild", NULL) : NULL, *text = NULL, *longer;
	struct strvec argv = { 0 };
	int err = kbuild ? 0 : -ENOMEM;

	for (size_t i = 0; i < reached->n_objects && !err; i++) {
		const struct object *object = &reached->objects[i];

		if (i && !object->units_o)
			continue;
		longer = format("%sobj-m += %s/\n", text ?: "", object->module);
		free(text);
		text = longer;
		err = text ? 0 : -ENOMEM;
	}
	err = err ?: write_file_atomic(kbuild, text, strlen(text), 0644);
	if (err)
		diag_errno(job->diag, -err, kbuild ?: job->work, "write");
	strvec_add(&argv, "make");
	strvec_addf(&argv, "-j%u", job->options.jobs);
	strvec_add(&argv, "-C");
	strvec_add(&argv, view);
	strvec_addf(&argv, "M=%s", all);
	strvec_addf(&argv, "CC=%s", kernel->cc);
	/* debug information would contain folder names, and so give every build another build-id */
	strvec_add(&argv, "KCFLAGS=-g0");
	strvec_add(&argv, "KBUILD_MODPOST_WARN=1");
	strvec_addf(&argv, "KBUILD_EXTRA_SYMBOLS=%s", livepatch->core_symvers);
	strvec_add(&argv, "modules");
	err = err ?: strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS344", "modules", NULL, argv.list, NULL);
	strvec_free(&argv);
	free(text);
	free(kbuild);
	free(all);
	return err;
}

/*
 * Debug information contains folder names, and a livepatch doesn't need it: the manifest has the
 * lines.
 */
static int strip_module(const struct job *job, struct object *object)
{
	const char *argv[] = { "strip", "--strip-debug", NULL, NULL };
	char *dir = module_dir(job, object);

	object->ko = dir ? format("%s/%s.ko", dir, object->module) : NULL;
	free(dir);
	argv[2] = object->ko;
	return object->ko ? run(job, "KS343", object->module, NULL, argv, NULL)
			  : diag_oom(job->diag);
}

int build_modules(struct build *build)
{
	char *view = path_join(build->work, "kbuild", NULL);
	int err;

	progress_step(build->progress, "build the core for %s", build->kernel.release);
	err = view ? make_core(&build->job, &build->kernel, &build->livepatch)
		   : diag_oom(build->diag);
	progress_step(build->progress, "build modules");
	err = err ?: make_view(&build->kernel, view, build->diag);
	err = err
		      ?: make_modules(&build->job, &build->kernel, &build->reached,
				      &build->livepatch, view);
	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (!i || build->objects[i].units_o)
			err = strip_module(&build->job, &build->objects[i])
				      ?: fill_btf_ids(&build->job, &build->kernel, &build->reached,
						      &build->objects[i]);
	free(view);
	return err;
}
