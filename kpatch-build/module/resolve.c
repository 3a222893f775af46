// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last step to a module that the kernel accepts: klp-relocs turns all
 * symbols that are still undefined into klp relocations, and then proves for
 * the finished file that each of them leads to exactly one symbol, in an object
 * that exists.
 *
 * The main module comes first: the others may use its symbols.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "kpatch-build/module/resolve.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/objects.h"
#include "lib/text.h"

static void begin(const struct job *job, const struct kernel *kernel,
		  const struct livepatch *livepatch, const char *verb, struct strvec *argv)
{
	if (job->tools)
		strvec_addf(argv, "%s/klp-relocs", job->tools);
	else
		strvec_add(argv, "klp-relocs");
	strvec_add(argv, verb);
	strvec_add(argv, "--symvers");
	strvec_add(argv, kernel->symvers);
	strvec_add(argv, "--symvers");
	strvec_add(argv, livepatch->core_symvers);
}

static int convert(const struct job *job, const struct kernel *kernel,
		   const struct reached *reached, const struct livepatch *livepatch,
		   const struct object *object)
{
	const struct object *main = reached->objects;
	struct strvec argv = { 0 };
	int err;

	begin(job, kernel, livepatch, "convert", &argv);
	if (object != main && main->ko) {
		strvec_add(&argv, "--provider");
		strvec_addf(&argv, "%s=%s", main->module, main->ko);
	}
	strvec_add(&argv, object->ko);
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS346", object->module, NULL, argv.list, NULL);
	strvec_free(&argv);
	return err;
}

/*
 * Add the files of all objects that the units of @object refer to, so that each symbol is looked
 * up.
 */
static int add_objects(const struct kernel *kernel, const struct reached *reached,
		       const struct object *object, struct strvec *argv, struct diag *diag)
{
	const struct result_reference *reference;
	int err = 0;

	for (size_t i = 0; i < reached->n_units; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		result_for_each(reference, unit->result, references) {
			const char *name = reference->object;
			char *file = NULL, *option;
			bool known = !strcmp(name, KLP_VMLINUX);

			option = known ? NULL : format("%s=", name);
			for (size_t a = 0; option && a < argv->n; a++)
				known |= str_starts(argv->list[a], option);
			free(option);
			if (known)
				continue;
			err = find_module_file(kernel, name, &file, diag);
			if (err == -ENOENT) /* klp-relocs reports what is missing */
				continue;
			if (err)
				return err;
			strvec_add(argv, "--object");
			strvec_addf(argv, "%s=%s", name, file);
			free(file);
		}
	}
	return 0;
}

/*
 * klp-relocs names a module, which no longer exists when the author reads the message.
 * create-diff-object has reported where the function is in the source. If two have the name, that
 * isn't known.
 */
static void place_in_source(const struct reached *reached, const struct object *object,
			    json_t *problem)
{
	const char *name = json_string_value(json_object_get(problem, "function"));
	const struct result_function *function, *found = NULL;
	size_t n = 0;

	for (size_t i = 0; name && i < reached->n_units; i++) {
		if (!reached->units[i].changed || strcmp(reached->units[i].object, object->name))
			continue;
		result_for_each(function, reached->units[i].result, functions) {
			if (strcmp(function->name, name))
				continue;
			found = function;
			n++;
		}
	}
	if (n != 1 || !found->place.line)
		return;
	json_object_set_new(problem, "file", json_string(found->place.file));
	json_object_set_new(problem, "line", json_integer(found->place.line));
}

/*
 * Run the command, and take over the problems that it reports about @module, which is made of
 * @object's units.
 */
static int run_verify(const struct reached *reached, const char *module,
		      const struct object *object, struct strvec *argv, struct diag *diag)
{
	struct process process = { 0 };
	json_t *report = NULL, *problem;
	size_t i;
	int err;

	err = strvec_done(argv, diag);
	if (err)
		return err;
	process.argv = argv->list;
	err = process_run(&process);
	report = process.log ? json_loads(process.log, 0, NULL) : NULL;
	json_array_foreach(json_object_get(report, "problems"), i, problem)
		if (object)
			place_in_source(reached, object, problem);
	if (report)
		diag_from_json(diag, json_object_get(report, "problems"));
	if (err && !report) {
		diag_error(diag, "KS346", NULL, "%s", module);
		run_report_log(diag, process.log);
	}
	process_end(&process);
	if (!err && !json_is_true(json_object_get(report, "verified")))
		err = diag_error(diag, "KS346", NULL, "%s: not verified", module);
	json_decref(report);
	return err;
}

static void begin_verify(const struct job *job, const struct kernel *kernel,
			 const struct livepatch *livepatch, struct strvec *argv)
{
	begin(job, kernel, livepatch, "verify", argv);
	strvec_add(argv, "--json");
	strvec_add(argv, "--object");
	strvec_addf(argv, "%s=%s", KLP_VMLINUX, kernel->vmlinux);
}

/*
 * The core's source is the same for every kernel; some kernels may lack symbols that it refers to.
 */
static int verify_core(const struct job *job, const struct kernel *kernel,
		       const struct reached *reached, const struct livepatch *livepatch)
{
	struct strvec argv = { 0 };
	int err;

	begin_verify(job, kernel, livepatch, &argv);
	strvec_add(&argv, livepatch->core_ko);
	err = run_verify(reached, KLP_CORE_MODULE, NULL, &argv, job->diag);
	strvec_free(&argv);
	return err;
}

/* @option: another option of the command, or NULL. */
static int verify(const struct job *job, const struct kernel *kernel, const struct reached *reached,
		  const struct livepatch *livepatch, const struct object *object,
		  const char *option)
{
	const struct object *main = reached->objects;
	struct strvec argv = { 0 };
	int err;

	begin_verify(job, kernel, livepatch, &argv);
	if (option)
		strvec_add(&argv, option);
	if (object != main && main->ko) {
		strvec_add(&argv, "--object");
		strvec_addf(&argv, "%s=%s", main->module, main->ko);
	}
	if (object != main) {
		strvec_add(&argv, "--target");
		strvec_add(&argv, object->file);
	}
	err = add_objects(kernel, reached, object, &argv, job->diag);
	strvec_add(&argv, object->ko);
	err = err ?: run_verify(reached, object->module, object, &argv, job->diag);
	strvec_free(&argv);
	return err;
}

int resolve_linked(const struct job *job, const struct kernel *kernel,
		   const struct reached *reached, const struct livepatch *livepatch,
		   const struct object *object)
{
	int err = convert(job, kernel, reached, livepatch, object);

	return err ?: verify(job, kernel, reached, livepatch, object, "--linked");
}

int resolve_modules(struct build *build)
{
	int err = 0, one;

	progress_step(build->progress, "klp relocations");
	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (build->objects[i].ko)
			err = convert(&build->job, &build->kernel, &build->reached,
				      &build->livepatch, &build->objects[i]);
	if (!err)
		err = verify_core(&build->job, &build->kernel, &build->reached, &build->livepatch);
	for (size_t i = 0; i < build->n_objects && diag_errors(build->diag) == 0; i++) {
		if (!build->objects[i].ko)
			continue;
		one = verify(&build->job, &build->kernel, &build->reached, &build->livepatch,
			     &build->objects[i], NULL);
		err = err ?: one;
	}
	return err;
}
