// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists what a livepatch contains, and compares two such lists: see contents.h. The
 * list from sysfs and the list from the modules must use the same names, or a function
 * that stays would be reported as lost.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/contents.h"
#include "klp-relocs/verify.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "lib/text.h"

/*
 * In struct klp_func, position 0 means the only function of that name, and 1 the first. sysfs shows
 * both as 1.
 */
static int add_function(struct strvec *contents, const char *object, const char *function,
			unsigned long sympos)
{
	return strvec_addf(contents, "%s:%s,%lu", object, function, sympos ?: 1);
}

static int add_object(struct strvec *contents, const char *object)
{
	return strvec_addf(contents, "%s:", object);
}

static int add_object_in_memory(const struct host *host, const char *livepatch, const char *object,
				struct strvec *contents)
{
	struct strvec functions = { 0 };
	int err = livepatch_object_functions(host, livepatch, object, &functions);

	err = err ?: add_object(contents, object);
	for (size_t i = 0; i < functions.n && !err; i++)
		err = strvec_addf(contents, "%s:%s", object, functions.list[i]);
	strvec_free(&functions);
	return err;
}

int contents_in_memory(const struct host *host, const char *livepatch, struct strvec *contents)
{
	struct strvec objects = { 0 };
	int err = livepatch_objects(host, livepatch, &objects);

	for (size_t i = 0; i < objects.n && !err; i++)
		err = add_object_in_memory(host, livepatch, objects.list[i], contents);
	strvec_free(&objects);
	return err;
}

struct adding {
	struct strvec *contents;
	const char *object;
	int err;
};

static void take_function(const char *name, unsigned long sympos, void *data)
{
	struct adding *adding = data;

	adding->err = adding->err ?: add_function(adding->contents, adding->object, name, sympos);
}

static int add_module(struct host *host, const struct module_file *file, const char *object,
		      struct strvec *contents)
{
	struct adding adding = { .contents = contents, .object = object };
	struct elf_model *model;
	int err = elf_model_load(file->path, &model, host->diag);

	if (err)
		return err;
	verify_list_funcs(model, take_function, &adding);
	elf_model_free(model);
	return adding.err ? diag_oom(host->diag) : 0;
}

int contents_of_files(struct host *host, const struct livepatch_files *files,
		      struct strvec *contents)
{
	int err = 0;

	for (size_t i = 0; i < files->main.n_targets && !err; i++)
		if (add_object(contents, files->main.targets[i].object))
			err = diag_oom(host->diag);
	for (size_t i = 0; i < files->main.cves.n && !err; i++)
		if (strvec_addf(contents, "=%s", files->main.cves.list[i]))
			err = diag_oom(host->diag);
	err = err ?: add_module(host, &files->main, KLP_VMLINUX, contents);
	for (size_t i = 0; i < files->n_objects && !err; i++)
		err = add_module(host, &files->objects[i], files->objects[i].targets[0].object,
				 contents);
	return err;
}

static bool is_object(const char *content)
{
	return *content != '=' && !content[strcspn(content, ":") + 1];
}

/* An object isn't listed as lost by itself if it has functions: they are listed instead. */
static bool has_functions_of(const struct strvec *contents, const char *object)
{
	for (size_t i = 0; i < contents->n; i++)
		if (str_starts(contents->list[i], object) && !is_object(contents->list[i]))
			return true;
	return false;
}

int contents_lost(const struct strvec *before, const struct strvec *after, struct strvec *lost)
{
	int err = 0;

	for (size_t i = 0; i < before->n && !err; i++) {
		const char *content = before->list[i];

		if (strvec_has(after, content) || strvec_has(lost, content))
			continue;
		if (is_object(content) && has_functions_of(before, content))
			continue;
		err = strvec_add(lost, content);
	}
	return err;
}

char *content_describe(const char *content)
{
	int object = strcspn(content, ":");
	const char *function = content[object] ? content + object + 1 : "";
	int name = strcspn(function, ",");
	const char *sympos = function[name] ? function + name + 1 : "1";

	if (*content == '=')
		return format("the fix of %s", content + 1);
	if (!*function)
		return format("the callbacks of %.*s", object, content);
	if (!strcmp(sympos, "1"))
		return format("%.*s() of %.*s", name, function, object, content);
	return format("%.*s() of %.*s, the one at position %s", name, function, object, content,
		      sympos);
}
