// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * modprobe and the module loader act on what a module declares: each module in
 * depends= is loaded first and pinned, and the kernel must have each symbol in
 * __versions. A livepatch that pins the module that it patches prevents that
 * module from ever being unloaded, or deadlocks with its loading.
 */
#include <stdlib.h>
#include <string.h>

#include "klp-relocs/bind.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"

static void verify_depends(const struct elf_model *module, struct diag *diag)
{
	const char *depends = module_info(module, "depends"), *end;
	struct diag_place place = { .file = module->path };

	for (const char *name = depends; name && *name; name = *end ? end + 1 : end) {
		end = strchrnul(name, ',');
		if ((size_t)(end - name) != strlen(KLP_CORE_MODULE) ||
		    strncmp(name, KLP_CORE_MODULE, end - name))
			diag_error(diag, "KS226", &place, "'%.*s'", (int)(end - name), name);
	}
}

static bool is_klp_name(const struct elf_model *module, const char *version)
{
	const struct elf_symbol *symbol;
	char *object, *name;
	unsigned long sympos;
	bool same;

	elf_for_each_symbol(module, symbol) {
		if (symbol->shndx != SHN_LIVEPATCH ||
		    !klp_symbol_parse(symbol->name, &object, &name, &sympos))
			continue;
		same = !strcmp(name, version);
		free(object);
		free(name);
		if (same)
			return true;
	}
	return false;
}

static void verify_versions(const struct elf_model *module, struct diag *diag)
{
	const struct elf_section *versions = elf_section_find(module, "__versions");
	struct diag_place place = { .file = module->path };
	char name[VERSION_SIZE - VERSION_NAME + 1] = "";
	const struct elf_symbol *symbol;

	for (uint64_t at = 0; versions && versions->data && at + VERSION_SIZE <= versions->size;
	     at += VERSION_SIZE) {
		memcpy(name, versions->data + at + VERSION_NAME, VERSION_SIZE - VERSION_NAME);
		symbol = elf_symbol_find(module, name);
		/*
		 * a symbol may have an ordinary reference in one place and a klp relocation in
		 * another
		 */
		if (!(symbol && symbol_is_undefined(symbol)) && is_klp_name(module, name))
			diag_error(diag, "KS227", &place, "'%s'", name);
	}
}

static const struct object_index *find_object(const struct verify_inputs *in, const char *name,
					      size_t length)
{
	for (size_t i = 0; i < in->n_objects; i++) {
		const char *object = object_index_name(in->objects[i]);

		if (strlen(object) == length && !strncmp(object, name, length))
			return in->objects[i];
	}
	return NULL;
}

/* Compare "<object>:<build-id>" with the files that the symbols were checked with. */
static void verify_build_ids(const struct verify_inputs *in, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const char *value, *colon, *build_id;
	const struct object_index *object;
	size_t at = 0;

	while ((value = module_info_next(in->module, "klp_split_object", &at))) {
		colon = strchrnul(value, ':');
		object = find_object(in, value, colon - value);
		if (!object || !*colon)
			continue;
		build_id = object_index_build_id(object) ?: "no build-id";
		if (strcmp(colon + 1, build_id)) {
			diag_error(diag, "KS230", &place, "%s", object_index_name(object));
			diag_detail(diag, "made for %s", colon + 1);
			diag_detail(diag, "the file given has %s", build_id);
		}
	}
}

/* The core accepts an object module only if it names the build of the loaded main module. */
static void verify_main_build_id(const struct verify_inputs *in, struct diag *diag)
{
	const char *patch = module_info(in->module, "klp_split_patch"), *found, *wanted;
	struct diag_place place = { .file = in->module->path };
	const struct object_index *main;

	if (!patch || module_is_main(in->module))
		return;
	found = bound_main_build_id(in->module) ?: "";
	main = find_object(in, patch, strlen(patch));
	wanted = main ? object_index_build_id(main) ?: "no build-id" : found;
	if (*found && !strcmp(found, wanted))
		return;
	diag_error(diag, "KS230", &place, "%s", patch);
	diag_detail(diag, "made for main module %s", *found ? found : "of unknown build");
	if (main)
		diag_detail(diag, "the file given has %s", wanted);
}

/* Symbols were checked with the file of --target, so it must be the module that is patched. */
static void verify_target(const struct verify_inputs *in, struct diag *diag)
{
	const char *object = module_info(in->module, "klp_split_object");
	const char *name = in->target ? module_info(in->target, "name") : NULL;
	struct diag_place place = { .file = in->module->path };
	size_t length = object ? strcspn(object, ":") : 0;

	if (!object || !name || module_is_main(in->module) ||
	    (strlen(name) == length && !strncmp(object, name, length)))
		return;
	diag_error(diag, "KS230", &place, "%.*s", (int)length, object);
	diag_detail(diag, "the file given as target is module %s", name);
}

/* The core asks modprobe for exactly "<patch>__<object>". */
static void verify_name(const struct elf_model *module, struct diag *diag)
{
	const char *patch = module_info(module, "klp_split_patch");
	const char *object = module_info(module, "klp_split_object");
	const char *name = module_info(module, "name");
	struct diag_place place = { .file = module->path };
	char *target, *wanted;

	if (!patch || !name)
		return;
	if (strlen(name) > KLP_MODULE_NAME_MAX)
		diag_error(diag, "KS231", &place, "'%s' has more than %d characters", name,
			   KLP_MODULE_NAME_MAX);
	if (!object || module_is_main(module))
		return;
	target = strndup(object, strcspn(object, ":"));
	wanted = target ? klp_object_module_name(patch, target) : NULL;
	if (!wanted)
		diag_oom(diag);
	else if (strcmp(wanted, name))
		diag_error(diag, "KS231", &place, "'%s' should be '%s'", name, wanted);
	free(target);
	free(wanted);
}

void verify_modinfo(const struct verify_inputs *in, struct diag *diag)
{
	verify_depends(in->module, diag);
	verify_versions(in->module, diag);
	verify_build_ids(in, diag);
	verify_main_build_id(in, diag);
	verify_target(in, diag);
	verify_name(in->module, diag);
}
