// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Before loading or installing a file, an administrator wants to know what it
 * is: for which kernel, what it replaces, who signed it, and whether it fits
 * this machine. Everything is read from the modules themselves.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/check.h"
#include "kpatch/verbs/find.h"
#include "klp-relocs/verify.h"
#include "lib/diag-json.h"
#include "lib/klp-format.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/show.h"
#include "kpatch/verbs/verbs.h"

static void take_function(const char *name, unsigned long sympos, void *array)
{
	json_array_append_new(array, json_string(name));
}

static json_t *functions_of(const struct module_file *file)
{
	json_t *array = json_array();
	struct elf_model *model;
	struct diag *diag = diag_new("kpatch"); /* a module that can't be read has none */

	if (diag && !elf_model_load(file->path, &model, diag)) {
		verify_list_funcs(model, take_function, array);
		elf_model_free(model);
	}
	diag_free(diag);
	return array;
}

/* The module that has the code for @object. */
static const struct module_file *code_for(const struct livepatch_files *files, const char *object)
{
	if (!strcmp(object, KLP_VMLINUX))
		return &files->main;
	for (size_t i = 0; i < files->n_objects; i++)
		if (!strcmp(files->objects[i].targets[0].object, object))
			return &files->objects[i];
	return NULL;
}

static json_t *objects_of(const struct livepatch_files *files)
{
	json_t *array = json_array();

	for (size_t i = 0; i < files->main.n_targets; i++) {
		const struct built_for *target = &files->main.targets[i];
		const struct module_file *file = code_for(files, target->object);

		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s?, s:o}", "object", target->object,
						"built_for", target->build_id, "file",
						file ? file->path : NULL, "functions",
						file ? functions_of(file) : json_array()));
	}
	return array;
}

/*
 * The reasons why it doesn't fit this machine, as a list: here they are part of the answer, not
 * errors.
 */
static json_t *problems_of(const struct host *host, const struct livepatch_files *files)
{
	struct host asked = *host;
	json_t *problems;
	bool loaded;

	asked.diag = diag_new("kpatch");
	if (!asked.diag)
		return NULL;
	check_livepatch(&asked, files, &loaded);
	problems = diag_to_json(asked.diag);
	diag_free(asked.diag);
	return problems;
}

static json_t *info_json(const struct host *host, const struct livepatch_files *files)
{
	const struct module_file *main = &files->main;
	char *id = build_id_of_file(main->path);
	json_t *json;

	json = json_pack("{s:s, s:s, s:s?, s:s, s:s, s:o, s:s?, s:s?, s:b, s:b, s:o, s:o}",
			 "livepatch", main->name, "file", main->path, "build_id", id, "kernel",
			 main->release, "vermagic", main->vermagic, "replace",
			 main->replace ? json_boolean(livepatch_files_replace(files)) : json_null(),
			 "signature", main->sig_id, "signer", main->signer, "installed",
			 files->installed, "loaded", module_is_loaded(host, main->name), "objects",
			 objects_of(files), "problems", problems_of(host, files));
	free(id);
	json_object_set_new(json, "fixes", show_names_json(&main->fixes));
	json_object_set_new(json, "cves", show_names_json(&main->cves));
	return json;
}

static const char *text_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static void print_functions(const struct host *host, const json_t *functions)
{
	const json_t *function;
	size_t i;

	json_array_foreach(functions, i, function)
		fprintf(host->out, "        %s()\n", json_string_value(function));
}

static void print_info(const struct host *host, const struct module_file *main, const json_t *info)
{
	const json_t *replace = json_object_get(info, "replace");
	const json_t *problems = json_object_get(info, "problems"), *one;
	size_t i;

	fprintf(host->out, "%s%s%s\n", text_of(info, "livepatch"),
		json_is_true(json_object_get(info, "installed")) ? ", installed" : "",
		json_is_true(json_object_get(info, "loaded")) ? ", loaded" : "");
	fprintf(host->out, "    file       %s\n", text_of(info, "file"));
	fprintf(host->out, "    build-id   %s\n", text_of(info, "build_id") ?: "none");
	fprintf(host->out, "    kernel     %s\n", text_of(info, "kernel"));
	fprintf(host->out, "    replaces   %s\n",
		json_is_null(replace)	? "not said"
		: json_is_true(replace) ? "all livepatches before it"
					: "none, it is stacked");
	fprintf(host->out, "    signature  %s%s%s\n", text_of(info, "signature") ?: "none",
		text_of(info, "signer") ? " by " : "", text_of(info, "signer") ?: "");
	show_fixes(host, main, SHOW_BUILDS);
	json_array_foreach(json_object_get(info, "objects"), i, one) {
		fprintf(host->out, "    %-24s built for %s\n", text_of(one, "object"),
			text_of(one, "built_for"));
		print_functions(host, json_object_get(one, "functions"));
	}
	json_array_foreach(problems, i, one)
		fprintf(host->out, "! %s: %s\n", text_of(one, "code"), text_of(one, "message"));
	if (!json_array_size(problems))
		fputs("it fits this machine\n", host->out);
}

int verb_info(struct host *host, const struct strvec *words, bool json, bool *unfit)
{
	struct livepatch_files *files = NULL;
	json_t *array = json_array(), *info;
	size_t n = 0;
	int err = find_livepatches(host, words, &files, &n);

	for (size_t i = 0; i < n; i++) {
		info = files[i].main.path ? info_json(host, &files[i]) : NULL;
		if (info && !json)
			print_info(host, &files[i].main, info);
		if (info && json_array_size(json_object_get(info, "problems")))
			*unfit = true;
		if (info)
			json_array_append_new(array, info);
	}
	if (json && !err)
		err = show_result(host, json_pack("{s:O}", "livepatches", array));
	json_decref(array);
	for (size_t i = 0; i < n; i++)
		livepatch_files_free(&files[i]);
	free(files);
	return err;
}
