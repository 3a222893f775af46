// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The effect of a changed makefile on this kernel depends on the configuration and on
 * the rest of the makefile: only make can find it out. So make is run with the
 * original and with the patched source, for the objects, the folders that kbuild
 * descends into, and the flags that the diffs set.
 *
 * A new object of a new file becomes a new unit, and the object of a removed file
 * may be removed. Flags of an object that this kernel is built without don't matter. Any
 * other difference would make objects that aren't the running kernel's.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/source/makefile-lines.h"
#include "kpatch-build/units/left-out.h"
#include "kpatch-build/units/makefile-changes.h"
#include "kpatch-build/units/makefiles.h"
#include "kpatch-build/units/unbuilt.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

/* "fs/proc/x.c" → "fs/proc"; caller frees */
static char *folder_of(const char *path)
{
	return strndup(path, base_name(path) > path ? base_name(path) - path - 1 : 0);
}

enum whose_file { ADDED_FILE, REMOVED_FILE };

/* The added or removed file that @object is made from. */
static struct change *other_source(const struct series *series, const char *object,
				   enum whose_file whose)
{
	size_t n = strlen(object) - strlen(".o");

	for (size_t i = 0; i < series->n_changes; i++) {
		struct change *change = &series->changes[i];

		if ((whose == ADDED_FILE ? change->added : change->removed) &&
		    !strncmp(change->path, object, n) && !strcmp(change->path + n, ".c"))
			return change;
	}
	return NULL;
}

/* An object, a folder or a flag that is gone. Marks the removed file of an object. */
static int look_at_old(const struct series *series, struct diag *diag,
		       const struct diag_place *place, const char *line)
{
	struct change *source = other_source(series, line + 2, REMOVED_FILE);

	/* 'M': without its only unit, the module would be gone */
	if (!source || *line == 'M')
		return diag_error(diag, "KS315", place, "%s isn't built any more", line + 2);
	source->linked = *line;
	return 0;
}

/* A new object, folder or flag. Marks the added file of an object. */
static int look_at_new(const struct series *series, struct diag *diag,
		       const struct diag_place *place, const char *line)
{
	struct change *source = other_source(series, line + 2, ADDED_FILE);

	if (*line == 'D')
		return diag_error(diag, "KS315", place, "kbuild would also build the folder %s",
				  line + 2);
	/* the name of a module, even if it consists of a single file */
	if (*line == 'M')
		return diag_error(diag, "KS338", place, "%s would be a new module", line + 2);
	if (!source)
		return diag_error(diag, "KS315", place,
				  "%s is built as well, but no diff adds its source", line + 2);
	source->linked = *line;
	return 0;
}

/* Is this kernel built without @object (a path without suffix), whichever file it is made from? */
static int object_is_unused(const struct built *built, const char *object, bool *is)
{
	static const char *const suffixes[] = { "c", "S" };
	bool any = false, all = true, one;
	int err = 0;

	for (size_t i = 0; i < 2 && !err; i++) {
		char *path = format("%s.%s", object, suffixes[i]);
		char *full = path ? path_join(built->source, path, NULL) : NULL;

		err = full ? 0 : -ENOMEM;
		if (!err && path_exists(full)) {
			one = false;
			err = source_is_unbuilt(built, path, &one);
			any = true;
			all &= one;
		}
		free(full);
		free(path);
	}
	*is = any && all;
	return err;
}

/* "V CFLAGS_x.o -DX" or "V ccflags- -DX", in the makefile of @folder */
static int flag_is_unused(const struct built *built, const char *folder, const char *line, bool *is)
{
	const char *name = line + 2, *end = name + strcspn(name, " ");
	const char *object = makefile_object_of_flag(name);
	char *path;
	int err;

	*is = end[-1] == '-'; /* "ccflags-$(CONFIG_X)" if the option isn't set */
	if (*is || !object || end - object < 3)
		return 0;
	path = format("%s/%.*s", folder, (int)(end - object - 2), object);
	err = path ? object_is_unused(built, path, is) : -ENOMEM;
	free(path);
	return err;
}

static int look_at_flag(struct diag *diag, const struct built *built,
			const struct diag_place *place, const char *folder, const char *line)
{
	bool unused = false;

	if (flag_is_unused(built, folder, line, &unused))
		return diag_oom(diag);
	return unused ? 0
		      : diag_error(diag, "KS315", place,
				   "the flags of an object of this kernel: %s", line + 2);
}

/* Files that kbuild makes in each folder that it descends into; the folder has its own line. */
static bool stands_for_folder(const char *line)
{
	return !fnmatch("* */built-in.a", line, 0) || !fnmatch("* */modules.order", line, 0);
}

struct lists {
	struct object_list old, new;
	size_t differences; /* without those of variables */
};

static int compare_lists(const struct series *series, struct diag *diag, const struct built *built,
			 const struct change *makefile, const char *folder, struct lists *lists)
{
	struct diag_place place = { .file = makefile->path };
	const struct object_list *sides[] = { &lists->old, &lists->new };
	int err = 0, one;

	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side]->n; i++) {
			const char *line = sides[side]->names[i];

			if (object_list_has(sides[!side], line) || stands_for_folder(line))
				continue;
			if (*line == 'V')
				one = look_at_flag(diag, built, &place, folder, line);
			else if (side)
				one = look_at_new(series, diag, &place, line);
			else
				one = look_at_old(series, diag, &place, line);
			lists->differences += *line != 'V';
			err = err ?: one;
		}
	return err;
}

/* kbuild descends into a new folder only if another makefile lists it, which is checked as well. */
static int check_new_makefile(const struct kernel *kernel, struct diag *diag,
			      struct change *makefile, const char *folder)
{
	struct diag_place place = { .file = makefile->path };
	char *path = path_join(kernel->source, folder, NULL);
	bool exists = path && path_exists(path);

	if (!path)
		return diag_oom(diag);
	free(path);
	if (exists)
		return diag_error(diag, "KS315", &place,
				  "a new makefile in a folder of the kernel");
	leave_out(diag, makefile, "kbuild doesn't go into this folder");
	return 0;
}

static int check_makefile(const struct job *job, const struct kernel *kernel,
			  const struct series *series, const struct trees *trees,
			  const struct built *built, struct change *makefile)
{
	struct lists lists = { 0 };
	char *folder = folder_of(makefile->path);
	int err = folder ? 0 : diag_oom(job->diag);

	makefile->reached = true;
	if (!err && makefile->added) {
		err = check_new_makefile(kernel, job->diag, makefile, folder);
		free(folder);
		return err;
	}
	err = err
		      ?: object_list_read(job, kernel, kernel->source, folder, makefile->settings,
					  &lists.old);
	err = err
		      ?: object_list_read(job, kernel, trees->shadow, folder, makefile->settings,
					  &lists.new);
	err = err ?: compare_lists(series, job->diag, built, makefile, folder, &lists);
	if (!err && !lists.differences)
		leave_out(job->diag, makefile, "it builds the same objects in this configuration");
	object_list_free(&lists.new);
	object_list_free(&lists.old);
	free(folder);
	return err;
}

int check_makefiles(const struct job *job, const struct kernel *kernel, const struct series *series,
		    const struct trees *trees)
{
	struct unit_index index = { 0 };
	struct built built = { .index = &index, .source = kernel->source };
	int err = 0, one;

	for (size_t i = 0; i < series->n_changes && err != -ENOMEM; i++) {
		if (!series->changes[i].makefile || series->changes[i].ignored)
			continue;
		if (!index.data)
			err = unit_index_load(kernel->index, kernel->build_id, &index, job->diag);
		one = err
			      ?: check_makefile(job, kernel, series, trees, &built,
						&series->changes[i]);
		err = err ?: one;
	}
	unit_index_free(&index);
	return err;
}
