// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch that is rebuilt keeps its name, and part of the old build may
 * still be where modprobe looks. An old object module would find the new main
 * module's functions by name, whatever their arguments mean now. So each object
 * module contains the build-id of its main module, and the core compares the
 * two.
 *
 * The build-id is taken from the main module as linked: converting it adds
 * nothing that the linked module doesn't already determine.
 */
#include <string.h>

#include "klp-relocs/bind.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"

static struct elf_section *find_field(const struct elf_model *model)
{
	return elf_section_find(model, KLP_MAIN_BUILD_ID_SECTION);
}

const char *bound_main_build_id(const struct elf_model *model)
{
	const struct elf_section *field = find_field(model);

	if (!field || !field->data || !memchr(field->data, '\0', field->size))
		return NULL;
	return (const char *)field->data;
}

static const struct object_index *find_main(const struct providers *providers, const char *patch)
{
	for (size_t i = 0; i < providers->n; i++)
		if (!strcmp(object_index_name(providers->indices[i]), patch))
			return providers->indices[i];
	return NULL;
}

int bind_to_main(struct elf_model *model, const struct providers *providers, struct diag *diag)
{
	const char *patch = module_info(model, "klp_split_patch"), *build_id;
	struct diag_place place = { .file = model->path };
	struct elf_section *field = find_field(model);
	const struct object_index *main;

	if (!field)
		return 0;
	main = patch ? find_main(providers, patch) : NULL;
	if (!main)
		return diag_error(diag, "KS209", &place, "no --provider %s=FILE", patch ?: "PATCH");
	build_id = object_index_build_id(main);
	if (!build_id)
		return diag_error(diag, "KS209", &place, "%s has no build-id", patch);
	if (!field->data || strlen(build_id) >= field->size)
		return diag_error(diag, "KS209", &place, "no room for %s in section %s", build_id,
				  field->name);
	memset(field->data, 0, field->size);
	strcpy((char *)field->data, build_id);
	return 0;
}
