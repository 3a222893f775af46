// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmlinux and the modules that a livepatch is for: the file that is shipped for
 * each, the build-id that identifies its build, and the file with its symbols.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"
#include "lib/process.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/units/objects.h"
#include "kpatch-build/units/symbols.h"
#include "lib/text.h"

/*
 * As the distribution ships it. If it is compressed, or has another name, use the one with debug
 * information, which has the same code. Caller frees; NULL if there is not enough memory.
 */
static char *object_file(const struct kernel *kernel, const struct unit_index_entry *entry)
{
	char *file;

	if (!strcmp(entry->file, "-"))
		return strdup(kernel->vmlinux);
	if (*entry->file == '/') /* an out-of-tree module */
		return strdup(entry->file);
	file = path_join(kernel->modules, entry->file, NULL);
	if (file && !path_exists(file)) {
		free(file);
		file = path_join(kernel->debug_modules, entry->file, NULL);
	}
	return file;
}

int need_object(const struct kernel *kernel, struct reached *reached,
		const struct unit_index_entry *entry)
{
	struct object *objects, *object;

	if (build_find_object(reached, entry->object))
		return 0;
	objects = realloc(reached->objects, (reached->n_objects + 1) * sizeof(*objects));
	if (!objects)
		return -ENOMEM;
	reached->objects = objects;
	object = &objects[reached->n_objects++];
	memset(object, 0, sizeof(*object));
	object->name = strdup(entry->object);
	object->file = object_file(kernel, entry);
	return object->name && object->file ? 0 : -ENOMEM;
}

int identify_objects(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_objects && !err; i++) {
		if (build->objects[i].build_id) /* an earlier call did it */
			continue;
		err = shipped_build_id(build->objects[i].file, &build->objects[i].build_id,
				       build->diag);
		err = err ?: choose_symbols(&build->kernel, &build->objects[i], build->diag);
	}
	return err;
}

int find_module_file(const struct kernel *kernel, const char *name, char **path, struct diag *diag)
{
	struct unit_index index;
	int err;

	err = unit_index_load(kernel->index, kernel->build_id, &index, diag);
	if (err)
		return err;
	err = -ENOENT;
	for (size_t i = 0; i < index.n_units && err == -ENOENT; i++) {
		if (strcmp(index.units[i].object, name))
			continue;
		*path = object_file(kernel, &index.units[i]);
		err = *path ? 0 : diag_oom(diag);
	}
	unit_index_free(&index);
	return err;
}
