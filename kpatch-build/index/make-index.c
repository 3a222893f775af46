// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every run needs to know which unit is in which object, and finding that out
 * takes a minute. So the index of a kernel is made once (unit-index.h), from
 * the debug information of what was shipped or from what a build recorded.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"
#include "lib/klp-format.h"
#include "lib/arch.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"
#include "lib/walk.h"

const char *kernel_arch(const char *vmlinux)
{
	const struct arch *arch = NULL;
	Elf64_Ehdr ehdr;
	int fd = open(vmlinux, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, &ehdr, sizeof(ehdr)) == sizeof(ehdr))
		arch = arch_find(ehdr.e_machine);
	if (fd >= 0)
		close(fd);
	return arch ? arch->folder : "";
}

struct collector {
	const struct job *job;
	struct kernel *kernel;
	struct unit_index_text text;
	const char *object;
	const char *file;
};

/*
 * The compiler was told to leave the tree's root out of names. If it wasn't (assembler), the name
 * is the longest ending that is a file of our tree.
 */
static const char *name_in_tree(const char *source, const char *name)
{
	while (name && *name == '/') {
		char *path;
		bool exists;

		name += strspn(name, "/");
		path = path_join(source, name, NULL);
		exists = path && path_exists(path);
		free(path);
		if (exists)
			return name;
		name = strchr(name, '/');
	}
	return name;
}

/*
 * A Makefile may build a file of another folder (arch/x86/kvm/Makefile those of virt/kvm). A diff
 * names the file, kbuild the path from that folder: both are kept.
 */
static int add_unit(const char *name, void *arg)
{
	const char *tag = unit_is_assembly(name) ? "assembly" : "unit";
	struct collector *c = arg;
	char *file;
	int err;

	/* assembly too: a header may change it */
	if (fnmatch("*.[cS]", name, 0) || !fnmatch("*.mod.c", name, 0))
		return 0;
	name = name_in_tree(c->kernel->source, name);
	if (!name || strpbrk(name, "\t\n"))
		return 0;
	file = path_without_dots(name);
	if (!file)
		return -ENOMEM;
	if (strcmp(file, name))
		err = unit_index_add(&c->text, format("%s\t%s\t%s\t%s\t%s", tag, file, c->object,
						      c->file, name));
	else
		err = unit_index_add(&c->text,
				     format("%s\t%s\t%s\t%s", tag, file, c->object, c->file));
	free(file);
	return err;
}

static int add_include(const char *includer, const char *text, void *arg)
{
	struct collector *c = arg;

	return unit_index_add(&c->text, format("include\t%s\t%s", includer, text));
}

static int add_module(const char *path, const char *relative, void *arg)
{
	const char *base = base_name(path);
	char *object = strndup(base, strlen(base) - strlen(".ko"));
	struct collector *c = arg;
	int err;

	if (!object)
		return diag_oom(c->job->diag);
	c->object = klp_kernel_name(object);
	c->file = relative;
	err = dwarf_for_each_unit(path, add_unit, c, c->job->diag);
	free(object);
	return err;
}

int for_each_debug_module(const struct job *job, struct kernel *kernel,
			  int (*found)(const char *path, const char *relative, void *arg),
			  void *arg)
{
	char *const roots[] = { kernel->debug_modules, NULL };
	size_t prefix = strlen(roots[0]) + 1, n = 0;
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err = 0;

	if (!fts)
		return diag_errno(job->diag, errno, roots[0], "read");
	while (!err) {
		err = walk_next(fts, &entry);
		if (err)
			diag_errno(job->diag, -err, entry ? entry->fts_path : roots[0], "read");
		if (err || !entry)
			break;
		if (fnmatch("*.ko", entry->fts_name, 0))
			continue;
		if (++n % 100 == 0)
			progress_detail(job->progress, "%zu modules", n);
		err = found(entry->fts_path, entry->fts_path + prefix, arg);
	}
	fts_close(fts);
	return err;
}

static int add_recorded(const struct recorded_unit *unit, void *arg)
{
	struct collector *c = arg;
	char *object, *file;
	int err;

	if (!unit->module) {
		c->object = KLP_VMLINUX;
		c->file = "-";
		return add_unit(unit->source, c);
	}
	object = strdup(base_name(unit->module));
	file = format("%s.ko", unit->module);
	err = object && file ? 0 : -ENOMEM;
	c->object = err ? NULL : klp_kernel_name(object);
	c->file = file;
	err = err ?: add_unit(unit->source, c);
	free(object);
	free(file);
	return err;
}

/* From the records of a user's build, or from debug information. */
static int add_units(struct collector *c)
{
	const struct kernel *kernel = c->kernel;
	int err;

	if (kernel->given.build_tree) {
		err = for_each_recorded_unit(kernel->given.build_tree, add_recorded, c,
					     c->job->diag);
		if (!err && !c->text.n)
			err = diag_error(c->job->diag, "KS335", NULL, "%s",
					 kernel->given.build_tree);
		return err;
	}
	err = dwarf_for_each_unit(kernel->vmlinux, add_unit, c, c->job->diag);
	return err ?: for_each_debug_module(c->job, c->kernel, add_module, c);
}

static int make_unit_index(void *arg)
{
	struct build *build = arg;
	struct kernel *kernel = &build->kernel;
	struct collector c = {
		.job = &build->job, .kernel = &build->kernel, .object = KLP_VMLINUX, .file = "-"
	};
	int err;

	err = add_units(&c);
	err = err
		      ?: for_each_included_unit(kernel->source, kernel_arch(kernel->vmlinux),
						add_include, &c, build->diag);
	if (!err)
		return unit_index_write(&c.text, kernel->index, kernel->build_id, build->diag);
	for (size_t i = 0; i < c.text.n; i++)
		free(c.text.lines[i]);
	free(c.text.lines);
	return err;
}

int begin_unit_index(struct build *build, struct process *process)
{
	struct unit_index index;
	int err = unit_index_load(build->kernel.index, build->kernel.build_id, &index, build->diag);

	*process = (struct process){ 0 };
	if (err == -ENOENT) {
		err = process_start_call(process, make_unit_index, build);
		return err ? diag_errno(build->diag, -err, "index", "make") : 0;
	}
	unit_index_free(&index);
	return err;
}

int end_unit_index(struct build *build, struct process *process, int err)
{
	if (!process->pid)
		return err;
	if (!err) {
		progress_step(build->progress, "index the kernel's units");
		/* to report what is wrong */
		err = process_wait(process) ? make_unit_index(build) : 0;
	}
	process_end(process);
	return err;
}
