// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The names that kbuild, the module loader and livepatch all accept: letters,
 * digits and '_'. Names that mean something else to one of them are refused as
 * well.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

#include "lib/paths.h"
#include "lib/array.h"
#include "lib/klp-format.h"
#include "kpatch-build/module/names.h"
#include "kpatch-build/build.h"
#include "kpatch-build/units/objects.h"

static const char *const archives[] = { ".gz", ".xz", ".bz2", ".zst" };
static const char *const endings[] = { ".patch", ".diff", ".mbox", ".eml", ".txt" };

/* So that there is room for the names of object modules. */
#define SUBJECT_MAX 32

static const struct {
	const char *name, *why;
} taken[] = {
	{ "vmlinux", "it is the name of the kernel itself" },
	{ KLP_CORE_MODULE, "it is the name of the core" },
	{ "main", "the module's template has that name" },
	{ "object", "the module's template has that name" },
	{ "units", "the module's linked units have that name" },
};

/*
 * A run of other characters becomes one '_', but none at the ends: "__" has a meaning of its own.
 */
static void squash(char *name)
{
	char *to = name;

	for (const char *from = name; *from; from++) {
		if (isalnum((unsigned char)*from))
			*to++ = *from;
		else if (to > name && to[-1] != '_')
			*to++ = '_';
	}
	if (to > name && to[-1] == '_')
		to--;
	*to = '\0';
}

/* Cut off one of @endings, if something is left. */
static void cut_ending(char *name, const char *const *list, size_t n_list)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n_list; i++) {
		size_t e = strlen(list[i]);

		if (n > e && !strcmp(name + n - e, list[i])) {
			name[n - e] = '\0';
			return;
		}
	}
}

char *name_from_path(const char *path)
{
	const char *base = base_name(path);
	char *name;

	name = strdup(*base ? base : "livepatch");
	if (!name)
		return NULL;
	cut_ending(name, archives, ARRAY_SIZE(archives));
	cut_ending(name, endings, ARRAY_SIZE(endings));
	squash(name);
	return name;
}

char *name_from_subject(const char *subject)
{
	char *name = strdup(subject), *last;

	if (!name)
		return NULL;
	squash(name);
	if (strlen(name) <= SUBJECT_MAX)
		return name;
	last = name[SUBJECT_MAX] == '_' ? name + SUBJECT_MAX : memrchr(name, '_', SUBJECT_MAX);
	if (!last)
		last = name + SUBJECT_MAX;
	*last = '\0';
	return name;
}

const char *name_problem(const char *name)
{
	if (!*name)
		return "it is empty";
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return "only letters, digits and '_' can be in it";
	/* "a__b" is the object module of a livepatch "a" for a module "b" */
	if (strstr(name, "__"))
		return "'__' stands between a livepatch and an object";
	if (strlen(name) > KLP_MODULE_NAME_MAX)
		return "a module's name has at most 55 characters";
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (!strcmp(name, taken[i].name))
			return taken[i].why;
	return NULL;
}

/*
 * Two modules of one name can't be loaded, and a command that names "x" would mean the wrong one.
 */
static int name_is_free(const struct kernel *kernel, const struct livepatch *livepatch,
			struct diag *diag)
{
	char *path = NULL;
	int err = find_module_file(kernel, livepatch->name, &path, diag);

	free(path);
	if (!err)
		return diag_error(diag, "KS340", NULL, "'%s': a module of the kernel has that name",
				  livepatch->name);
	return err == -ENOENT ? 0 : err;
}

/* Name the modules, after it is known for which objects there will be one. */
int name_modules(struct build *build)
{
	int err = name_is_free(&build->kernel, &build->livepatch, build->diag);

	if (err)
		return err;
	for (size_t i = 0; i < build->n_objects; i++) {
		struct object *object = &build->objects[i];

		if (!object_has_module(&build->reached, object))
			continue;
		object->module = i ? klp_object_module_name(build->name, object->name)
				   : strdup(build->name);
		if (!object->module)
			return diag_oom(build->diag);
		if (strlen(object->module) > KLP_MODULE_NAME_MAX)
			diag_error(build->diag, "KS341", NULL, "'%s' has %zu characters",
				   object->module, strlen(object->module));
	}
	return diag_has(build->diag, "KS341") ? -EINVAL : 0;
}
