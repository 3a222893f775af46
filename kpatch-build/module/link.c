// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turns changed units into the folder of a module: the units of an object are
 * linked with the template's linker script, and the results of
 * create-diff-object are written as the tables that the core compares with the
 * code.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/check/declared.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch-build/module/modules.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/cve-map.h"
#include "kpatch-build/source/message.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/result.h"
#include "lib/text.h"
#include "kpatch-build/module/link.h"

char *module_dir(const struct job *job, const struct object *object)
{
	return path_join(job->work, "modules", object->module, NULL);
}

/* Runs `ld -r`. The output is called units.o_shipped, which kbuild uses as it is. */
static int link_units(const struct job *job, const struct reached *reached, struct object *object,
		      const char *dir)
{
	struct strvec argv = { 0 };
	int err;

	object->units_o = path_join(dir, "units.o_shipped", NULL);
	if (!object->units_o)
		return diag_oom(job->diag);
	strvec_add(&argv, "ld");
	strvec_add(&argv, "-r");
	strvec_add(&argv, "-T");
	strvec_addf(&argv, "%s/templates/klp-split.lds", job->data);
	strvec_add(&argv, "-o");
	strvec_add(&argv, object->units_o);
	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name))
			strvec_add(&argv, reached->units[i].changed);
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS343", object->name, NULL, argv.list, NULL);
	strvec_free(&argv);
	return err;
}

/* Print each function of @object that is replaced, as one row of the main module's table. */
static void print_functions(FILE *out, const struct reached *reached, const struct object *object,
			    size_t number)
{
	const struct result_function *function;
	size_t i;

	fprintf(out, "static struct klp_func klp_split_funcs_%zu[] = {\n", number);
	for (i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		result_for_each(function, unit->result, functions) {
			if (!function_is_replaced(function) || function->is_exit)
				continue;
			fprintf(out,
				"\t{ .old_name = \"%s\", .old_sympos = %u, "
				".new_func = KLP_SPLIT_PLACEHOLDER },\n",
				function->name, function->sympos);
		}
	}
	fputs("\t{ }\n};\n", out);
}

static bool replaces_exit(const struct reached *reached, const struct object *object)
{
	const struct result_function *function;

	for (size_t i = 0; i < reached->n_units; i++)
		if (reached->units[i].changed && !strcmp(reached->units[i].object, object->name))
			result_for_each(function, reached->units[i].result, functions)
				if (function_is_replaced(function) && function->is_exit)
					return true;
	return false;
}

/*
 * The core binds an object module to the build-id of its main module. So that must change even if
 * only the code for a module does, or else an object module of an older build would fit.
 */
static int print_code(FILE *out, const struct job *job, const struct object *object)
{
	char *digest;
	int err = run_sha256(job, object->units_o, &digest);

	if (err)
		return err;
	fprintf(out, "MODULE_INFO(klp_split_code, \"%s:%s\");\n", object->name, digest);
	free(digest);
	return 0;
}

/* @text as a string of C; it is printable. */
static void print_info(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "MODULE_INFO(%s, \"", tag);
	for (; *text; text++)
		fprintf(out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	fputs("\");\n", out);
}

/* Which fixes it is made of, for `kpatch list` and for those who ask for a CVE id. */
static int print_fixes(FILE *out, const struct job *job, const struct series *series)
{
	struct message message;

	for (size_t i = 0; i < series->n_diffs; i++) {
		const struct diff *diff = &series->diffs[i];

		if (diff_message(series, diff, &message))
			return diag_oom(job->diag);
		print_info(out, "klp_split_fix", message.subject);
		for (size_t k = 0; k < message.cves.n; k++)
			print_info(out, "klp_split_cve", message.cves.list[k]);
		message_free(&message);
	}
	return 0;
}

/* As described in templates/README.md. */
static int print_main_tables(FILE *out, const struct job *job, const struct kernel *kernel,
			     const struct reached *reached)
{
	const struct object *objects = reached->objects;
	/* code for vmlinux may be there only to be called by the object modules */
	bool vmlinux = object_replaces(reached, &objects[0]);
	int err = 0;

	fprintf(out, "#define KLP_SPLIT_REPLACE %d\n", !job->options.stacked);
	fprintf(out, "#define KLP_SPLIT_HAS_VMLINUX %d\n", vmlinux);
	fprintf(out, "#define KLP_SPLIT_VMLINUX_BUILD_ID \"%s\"\n\n", kernel->build_id);
	for (size_t i = 0; i < reached->n_objects; i++)
		if (i ? !!objects[i].units_o : vmlinux)
			print_functions(out, reached, &objects[i], i);
	print_states(out, reached);
	if (vmlinux)
		print_callback_declarations(out, reached, &objects[0]);
	fputs("static struct klp_object klp_split_objects[] = {\n", out);
	if (vmlinux) {
		fputs("\t{ .name = NULL, .funcs = klp_split_funcs_0, .callbacks = { ", out);
		print_callback_members(out, reached, &objects[0]);
		fputs(" } },\n", out);
	}
	for (size_t i = 1; i < reached->n_objects; i++)
		if (objects[i].units_o)
			fprintf(out, "\t{ .name = \"%s\", .funcs = klp_split_funcs_%zu },\n",
				objects[i].name, i);
	fputs("\t{ }\n};\nstatic const struct klp_split_target klp_split_targets[] = {\n", out);
	for (size_t i = 1; i < reached->n_objects; i++)
		if (objects[i].units_o)
			fprintf(out, "\t{ .object = \"%s\", .build_id = \"%s\" },\n",
				objects[i].name, objects[i].build_id);
	fputs("\t{ }\n};\n", out);
	for (size_t i = 0; i < reached->n_objects; i++)
		if (i ? !!objects[i].units_o : vmlinux)
			fprintf(out, "MODULE_INFO(klp_split_object, \"%s:%s\");\n", objects[i].name,
				objects[i].build_id);
	for (size_t i = 1; i < reached->n_objects && !err; i++)
		if (objects[i].units_o)
			err = print_code(out, job, &objects[i]);
	return err;
}

static void print_object_tables(FILE *out, const struct reached *reached,
				const struct livepatch *livepatch, const struct object *object)
{
	fprintf(out, "#define KLP_SPLIT_PATCH \"%s\"\n", livepatch->name);
	fprintf(out, "#define KLP_SPLIT_OBJECT \"%s\"\n", object->name);
	fprintf(out, "#define KLP_SPLIT_OBJECT_BUILD_ID \"%s\"\n", object->build_id);
	if (replaces_exit(reached, object))
		fputs("void " KLP_NEW_EXIT "(void);\n#define KLP_SPLIT_EXIT " KLP_NEW_EXIT "\n",
		      out);
	if (!object_has_callbacks(reached, object))
		return;
	print_callback_declarations(out, reached, object);
	fputs("static const struct klp_callbacks klp_split_callbacks = { ", out);
	print_callback_members(out, reached, object);
	fputs(" };\n#define KLP_SPLIT_CALLBACKS (&klp_split_callbacks)\n", out);
}

static int write_text(const char *dir, const char *name, char *text, struct diag *diag)
{
	char *path = path_join(dir, name, NULL);
	int err;

	if (!path || !text)
		err = diag_oom(diag);
	else if ((err = write_file_atomic(path, text, strlen(text), 0644)))
		diag_errno(diag, -err, path, "write");
	free(path);
	free(text);
	return err;
}

static int write_tables(struct build *build, const struct object *object, const char *dir)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = 0;

	if (!out)
		return diag_oom(build->diag);
	if (object == build->objects)
		err = print_main_tables(out, &build->job, &build->kernel, &build->reached)
			      ?: print_fixes(out, &build->job, &build->series);
	else
		print_object_tables(out, &build->reached, &build->livepatch, object);
	if (fclose(out))
		return diag_oom(build->diag);
	if (err) {
		free(text);
		return err;
	}
	return write_text(dir, "tables.h", text, build->diag);
}

static int copy_data(const struct job *job, const char *from, const char *dir)
{
	char *source = path_join(job->data, from, NULL);
	char *to = path_join(dir, base_name(from), NULL);
	int err = source && to ? copy_file(source, to) : -ENOMEM;

	if (err)
		diag_errno(job->diag, -err, source ?: from, "copy");
	free(source);
	free(to);
	return err;
}

/* Sources of ours that only some modules need: those whose units refer to their symbols. */
static const struct part {
	const char *source, *header, *object, *prefix, *why;
} parts[] = {
	{ "templates/klp-split-once.c", "templates/klp-split-once.h", " klp-split-once.o",
	  "klp_split_do_once_", "a DO_ONCE() of new code holds the livepatch" },
};

bool is_of_template(const char *symbol)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (str_starts(symbol, parts[i].prefix))
			return true;
	return false;
}

static bool needs_part(const struct elf_model *units, const struct part *part)
{
	const struct elf_symbol *symbol;

	elf_for_each_symbol(units, symbol)
		if (symbol->shndx == SHN_UNDEF && str_starts(symbol->name, part->prefix))
			return true;
	return false;
}

/* Copy the parts that the units of @object need; *@objects lists them for kbuild. Caller frees. */
static int copy_parts(const struct job *job, const struct object *object, const char *dir,
		      char **objects)
{
	struct elf_model *units = NULL;
	char *list = strdup("");
	int err = list ? 0 : diag_oom(job->diag);

	if (!err && object->units_o)
		err = elf_model_load(object->units_o, &units, job->diag);
	for (size_t i = 0; units && i < ARRAY_SIZE(parts) && !err; i++) {
		char *longer;

		if (!needs_part(units, &parts[i]))
			continue;
		err = copy_data(job, parts[i].source, dir);
		err = err ?: copy_data(job, parts[i].header, dir);
		longer = format("%s%s", list, parts[i].object);
		if (!longer)
			err = err ?: diag_oom(job->diag);
		free(list);
		list = longer;
	}
	elf_model_free(units);
	if (err)
		free(list);
	else
		*objects = list;
	return err;
}

static int fill_module_dir(struct build *build, struct object *object, const char *dir)
{
	bool main = object == build->objects;
	char *parts = NULL;
	int err;

	err = write_tables(build, object, dir);
	err = err ?: copy_data(&build->job, main ? "templates/main.c" : "templates/object.c", dir);
	err = err ?: copy_data(&build->job, "kmod/klp_split.h", dir);
	err = err ?: copy_parts(&build->job, object, dir, &parts);
	/* modpost looks for the sources of each part of a module in its .cmd file */
	if (object->units_o)
		err = err ?: write_text(dir, ".units.o.cmd", strdup(""), build->diag);
	err = err
		      ?: write_text(dir, "Kbuild",
				    format("obj-m := %s.o\n%s-y := %s.o%s%s\n", object->module,
					   object->module, main ? "main" : "object",
					   object->units_o ? " units.o" : "", parts),
				    build->diag);
	free(parts);
	return err;
}

int link_changed_units(struct build *build)
{
	char *dir;
	int err = 0;

	for (size_t i = 0; i < build->n_objects && !err; i++) {
		struct object *object = &build->objects[i];

		if (!object_has_module(&build->reached, object))
			continue;
		dir = module_dir(&build->job, object);
		err = dir ? make_dirs(dir) : -ENOMEM;
		if (err)
			diag_errno(build->diag, -err, build->work, "write");
		else if (object_has_changes(&build->reached, object))
			err = link_units(&build->job, &build->reached, object, dir);
		free(dir);
	}
	return err;
}

int link_objects(struct build *build)
{
	char *dir;
	int err;

	progress_step(build->progress, "link");
	/* first link all objects: the main module's tables list the functions of every object */
	err = link_changed_units(build);
	for (size_t i = 0; i < build->n_objects && !err; i++) {
		struct object *object = &build->objects[i];

		if (i && !object->units_o)
			continue;
		dir = module_dir(&build->job, object);
		err = dir ? fill_module_dir(build, object, dir) : diag_oom(build->diag);
		free(dir);
	}
	return err;
}
