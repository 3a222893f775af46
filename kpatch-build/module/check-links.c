// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff may compare well, and then not link: two of its files define one
 * function, or new code uses a symbol that the kernel doesn't have, has under a
 * weak name, or has in a module that may be unloaded. `--check` has to say so,
 * but making modules with kbuild takes ten times as long as all the rest.
 *
 * So the units of each object are linked as for a module, and get what
 * klp-relocs reads of a module (.modinfo). klp-relocs makes and checks their klp
 * relocations. kbuild adds only references to the kernel's and the core's
 * exports to them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/module/link.h"
#include "kpatch-build/module/resolve.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/text.h"

/* Write the text that @out, an open_memstream(), has collected to @path, and free it. */
static int write_stream(FILE *out, char **text, size_t *size, const char *path, struct diag *diag)
{
	int err = fclose(out) ? -ENOMEM : write_file_atomic(path, *text, *size, 0644);

	free(*text);
	return err ? diag_errno(diag, -err, path, "write") : 0;
}

/* The fields of .modinfo that the templates write, and klp-relocs asks for; each ends with a '\0'. */
static int write_modinfo(const struct build *build, const struct object *object, const char *path)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return diag_oom(build->diag);
	fprintf(out, "livepatch=Y%cname=%s%cklp_split_patch=%s%c", 0, object->module, 0,
		build->objects[0].module, 0);
	if (object != build->objects)
		fprintf(out, "klp_split_object=%s:%s%c", object->name, object->build_id, 0);
	return write_stream(out, &text, &size, path, build->diag);
}

/* Turn the linked units into what klp-relocs takes for a module; sets object->ko. */
static int make_module(const struct build *build, struct object *object)
{
	char *modinfo = format("%s.modinfo", object->units_o);
	char *option = modinfo ? format(".modinfo=%s", modinfo) : NULL;
	int err;

	object->ko = format("%s.ko", object->units_o);
	err = option && object->ko ? write_modinfo(build, object, modinfo) : diag_oom(build->diag);
	if (!err) {
		const char *argv[] = { "objcopy",
				       "--add-section",
				       option,
				       "--set-section-flags",
				       ".modinfo=alloc,readonly,contents",
				       object->units_o,
				       object->ko,
				       NULL };

		err = run(&build->job, "KS343", object->name, NULL, argv, NULL);
	}
	free(modinfo);
	free(option);
	return err;
}

/* Our own sources that become part of modules define symbols, too: list them as the core's. */
static int list_own_symbols(FILE *out, const struct object *object, struct diag *diag)
{
	const struct elf_symbol *symbol;
	struct elf_model *units;
	int err = elf_model_load(object->units_o, &units, diag);

	if (err)
		return err;
	elf_for_each_symbol(units, symbol)
		if (symbol->shndx == SHN_UNDEF && !symbol->section && is_of_template(symbol->name))
			fprintf(out, "0x00000000\t%s\t%s\tEXPORT_SYMBOL_GPL\t\n", symbol->name,
				KLP_CORE_MODULE);
	elf_model_free(units);
	return 0;
}

/* Sets build->core_symvers. */
static int write_own_symvers(struct build *build)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = 0, written;

	build->core_symvers = path_join(build->work, "own.symvers", NULL);
	if (!out || !build->core_symvers) {
		if (out)
			fclose(out);
		free(text);
		return diag_oom(build->diag);
	}
	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (build->objects[i].units_o)
			err = list_own_symbols(out, &build->objects[i], build->diag);
	written = write_stream(out, &text, &size, build->core_symvers, build->diag);
	return err ?: written;
}

/* Later passes must not take these files for modules. */
static void forget_modules(struct build *build)
{
	for (size_t i = 0; i < build->n_objects; i++) {
		free(build->objects[i].units_o);
		free(build->objects[i].ko);
		build->objects[i].units_o = build->objects[i].ko = NULL;
	}
	free(build->core_symvers);
	build->core_symvers = NULL;
}

int check_links(struct build *build)
{
	int err, one;

	progress_step(build->progress, "check references");
	err = link_changed_units(build);
	err = err ?: write_own_symvers(build);
	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (build->objects[i].units_o)
			err = make_module(build, &build->objects[i]);
	/* the main module comes first: the others may use its symbols */
	for (size_t i = 0; i < build->n_objects && err != -ENOMEM; i++) {
		if (!build->objects[i].ko)
			continue;
		one = resolve_linked(&build->job, &build->kernel, &build->reached,
				     &build->livepatch, &build->objects[i]);
		err = err ?: one;
	}
	forget_modules(build);
	return err;
}
