// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that maps source files to objects: it fills the index of a kernel
 * once (unit-index.h) and looks up there what the diffs change.
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
#include "kpatch-build/kernel/kernel.h"
#include "lib/klp-format.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/index/unit-index.h"

/* arch/<name> of a kernel, by the machine of its vmlinux. */
static const struct {
	GElf_Half machine;
	const char *arch;
} arches[] = {
	{ EM_X86_64, "x86" },
	{ EM_AARCH64, "arm64" },
	{ EM_PPC64, "powerpc" },
	{ EM_S390, "s390" },
};

const char *kernel_arch(const char *vmlinux)
{
	const char *arch = "";
	Elf64_Ehdr ehdr;
	int fd = open(vmlinux, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, &ehdr, sizeof(ehdr)) == sizeof(ehdr))
		for (size_t i = 0; i < sizeof(arches) / sizeof(*arches); i++)
			if (arches[i].machine == ehdr.e_machine)
				arch = arches[i].arch;
	if (fd >= 0)
		close(fd);
	return arch;
}

struct collector {
	struct build *build;
	struct unit_index_text text;
	const char *object;
	const char *file;
};

/*
 * The compiler was told to leave the tree's root out of names; where it was not
 * (assembler), the name is the longest ending that is a file of our tree.
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
 * A Makefile may build a file of another folder (arch/x86/kvm/Makefile those of
 * virt/kvm). A diff names the file, kbuild the way to it: both are kept.
 */
static int add_unit(const char *name, void *arg)
{
	const char *tag = unit_is_assembly(name) ? "assembly" : "unit";
	struct collector *c = arg;
	char *file;
	int err;

	/* assembly, too: a header may change it */
	if (fnmatch("*.[cS]", name, 0) || !fnmatch("*.mod.c", name, 0))
		return 0;
	name = name_in_tree(c->build->kernel.source, name);
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
	const char *base = strrchr(path, '/') + 1;
	char *object = strndup(base, strlen(base) - strlen(".ko"));
	struct collector *c = arg;
	int err;

	if (!object)
		return diag_oom(c->build->diag);
	c->object = klp_kernel_name(object);
	c->file = relative;
	err = dwarf_for_each_unit(path, add_unit, c, c->build->diag);
	free(object);
	return err;
}

int for_each_debug_module(struct build *build,
			  int (*found)(const char *path, const char *relative, void *arg),
			  void *arg)
{
	char *const roots[] = { build->kernel.debug_modules, NULL };
	size_t prefix = strlen(roots[0]) + 1, n = 0;
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err = 0;

	if (!fts)
		return diag_errno(build->diag, errno, roots[0], "read");
	while (!err && (entry = fts_read(fts))) {
		if (fnmatch("*.ko", entry->fts_name, 0))
			continue;
		if (++n % 100 == 0)
			progress_detail(build->progress, "%zu modules", n);
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
	object = strdup(strrchr(unit->module, '/') ? strrchr(unit->module, '/') + 1 : unit->module);
	file = format("%s.ko", unit->module);
	err = object && file ? 0 : -ENOMEM;
	c->object = err ? NULL : klp_kernel_name(object);
	c->file = file;
	err = err ?: add_unit(unit->source, c);
	free(object);
	free(file);
	return err;
}

/* What somebody's build recorded, or what debug information says. */
static int add_units(struct collector *c)
{
	struct build *build = c->build;
	const struct kernel *kernel = &build->kernel;
	int err;

	if (kernel->given.build_tree) {
		err = for_each_recorded_unit(kernel->given.build_tree, add_recorded, c, build->diag);
		if (!err && !c->text.n)
			err = diag_error(build->diag, "KS335", NULL, "%s", kernel->given.build_tree);
		return err;
	}
	err = dwarf_for_each_unit(kernel->vmlinux, add_unit, c, build->diag);
	return err ?: for_each_debug_module(build, add_module, c);
}

static int make_unit_index(void *arg)
{
	struct build *build = arg;
	struct kernel *kernel = &build->kernel;
	struct collector c = { .build = build, .object = KLP_VMLINUX, .file = "-" };
	int err;

	err = add_units(&c);
	err = err ?: for_each_included_unit(kernel->source, kernel_arch(kernel->vmlinux),
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
		err = process_wait(process) ? make_unit_index(build) : 0; /* to say what is wrong */
	}
	process_end(process);
	return err;
}

struct lookup {
	struct build *build;
	const struct unit_index *index;
	size_t found;
};

/* As the distribution ships it: compressed or under another name, the one with debug information
 * has the same code. Caller frees; NULL if memory is out. */
static char *object_file(struct build *build, const struct unit_index_entry *entry)
{
	struct kernel *kernel = &build->kernel;
	char *file;

	if (!strcmp(entry->file, "-"))
		return strdup(kernel->vmlinux);
	if (*entry->file == '/') /* a module that isn't the kernel's */
		return strdup(entry->file);
	file = path_join(kernel->modules, entry->file, NULL);
	if (file && !path_exists(file)) {
		free(file);
		file = path_join(kernel->debug_modules, entry->file, NULL);
	}
	return file;
}

static int need_object(struct build *build, const struct unit_index_entry *entry)
{
	struct object *objects, *object;

	if (build_find_object(build, entry->object))
		return 0;
	objects = realloc(build->objects, (build->n_objects + 1) * sizeof(*objects));
	if (!objects)
		return -ENOMEM;
	build->objects = objects;
	object = &objects[build->n_objects++];
	memset(object, 0, sizeof(*object));
	object->name = strdup(entry->object);
	object->file = object_file(build, entry);
	return object->name && object->file ? 0 : -ENOMEM;
}

struct unit *build_find_unit(const struct build *build, const struct unit_index_entry *entry)
{
	for (size_t i = 0; i < build->n_units; i++)
		if (!strcmp(build->units[i].source, entry->source) &&
		    !strcmp(build->units[i].object, entry->object))
			return &build->units[i];
	return NULL;
}

int map_unit(struct build *build, const struct unit_index_entry *entry)
{
	if (build_find_unit(build, entry))
		return 0;
	return need_object(build, entry) ? diag_oom(build->diag) : build_add_unit(build, entry);
}

static int take_unit(const struct unit_index_entry *entry, void *arg)
{
	struct diag_place place = { .file = entry->source };
	struct lookup *lookup = arg;

	lookup->found++;
	if (unit_is_assembly(entry->source)) /* --prove */
		return diag_error(lookup->build->diag, "KS312", &place, "%s", entry->object);
	return map_unit(lookup->build, entry);
}

/* map_headers() follows it. */
static int note_header(const char *header, void *arg)
{
	struct lookup *lookup = arg;

	lookup->found++;
	return 0;
}

static int map_change(struct lookup *lookup, const char *path)
{
	struct build *build = lookup->build;
	struct diag_place place = { .file = path };
	int err;

	lookup->found = 0;
	err = unit_index_reach(lookup->index, path, take_unit, note_header, lookup);
	if (err == -ENOMEM)
		return diag_oom(build->diag);
	if (err == -ELOOP)
		return diag_error(build->diag, "KS320", &place, "files include one another");
	/* map_headers() compares what readers other than units have of it */
	if (!lookup->found && (build->oot_index || !is_of_reader(lookup->index, path)))
		return diag_error(build->diag, "KS320", &place, "%s", build->kernel.release);
	return 0;
}

int map_units(struct build *build)
{
	static const struct unit_index_entry vmlinux = { "", KLP_VMLINUX, "-", "" };
	const char *path = build->oot_index ?: build->kernel.index;
	struct lookup lookup = { .build = build };
	struct unit_index index;
	int err, one;

	err = unit_index_load(path, build->kernel.build_id, &index, build->diag);
	if (err)
		return err == -ENOENT ? diag_errno(build->diag, ENOENT, path, "read") : err;
	lookup.index = &index;
	err = need_object(build, &vmlinux) ? diag_oom(build->diag) : 0;
	for (size_t i = 0; i < build->n_changes && err != -ENOMEM; i++) {
		if (build->changes[i].ignored || !fnmatch("*.h", build->changes[i].path, 0))
			continue; /* documentation; a header: map_headers() */
		/* a new file is part of no unit, unless one that is changed includes it */
		if (build->changes[i].added || build->changes[i].makefile)
			continue; /* map_new_units() */
		one = map_change(&lookup, build->changes[i].path);
		err = err ?: one;
	}
	if (!err && build->options.prove)
		err = map_change(&lookup, build->options.prove);
	unit_index_free(&index);
	return err;
}

int identify_objects(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_objects && !err; i++) {
		err = shipped_build_id(build->objects[i].file, &build->objects[i].build_id,
				       build->diag);
		err = err ?: choose_symbols(build, &build->objects[i]);
	}
	return err;
}

int find_module_file(struct build *build, const char *name, char **path)
{
	struct unit_index index;
	int err;

	err = unit_index_load(build->kernel.index, build->kernel.build_id, &index, build->diag);
	if (err)
		return err;
	err = -ENOENT;
	for (size_t i = 0; i < index.n_units && err == -ENOENT; i++) {
		if (strcmp(index.units[i].object, name))
			continue;
		*path = object_file(build, &index.units[i]);
		err = *path ? 0 : diag_oom(build->diag);
	}
	unit_index_free(&index);
	return err;
}
