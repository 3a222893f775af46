// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An out-of-tree module: only its own makefile knows how it is compiled, and
 * its source can be anywhere. So it is copied and built completely by kbuild,
 * as its users build it. The files that kbuild records then tell its units and
 * their commands. From then on its units are like any other's, and each
 * function is proved to be that of the module that was given.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/klp-format.h"
#include "lib/modinfo.h"
#include "kpatch-build/units/oot.h"
#include "lib/paths.h"
#include "lib/strvec.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/kernel/source-tree.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "kpatch-build/units/map.h"
#include "lib/text.h"

struct oot {
	const struct job *job;
	const struct kernel *kernel;
	const struct oot_module *oot;
	const struct series *series;
	struct unit_index_text index;
	size_t others; /* number of units of other modules in the same folder */
	const char *other; /* the name of the other module whose unit is looked at */
	struct strvec shared; /* "FILE\tMODULE": a changed file that is part of another module */
};

int take_oot(struct build *build)
{
	const struct options *options = &build->options;

	if (!options->oot_module)
		return 0;
	build->oot.module = realpath(options->oot_module, NULL);
	if (!build->oot.module)
		return diag_error(build->diag, "KS336", NULL, "--oot-module %s: %s",
				  options->oot_module, strerror(errno));
	build->oot.source = realpath(options->oot_source, NULL);
	if (!build->oot.source || access(build->oot.source, R_OK | X_OK))
		return diag_error(build->diag, "KS336", NULL, "--oot-module-src %s: %s",
				  options->oot_source, strerror(errno));
	return 0;
}

/* Find its name, and check that it was built for this kernel. */
static int identify_module(const struct kernel *kernel, struct oot_module *oot, struct diag *diag)
{
	size_t n = strlen(kernel->release), size;
	const char *name, *vermagic;
	char *info;
	int err = shipped_section(oot->module, ".modinfo", &info, &size, diag);

	if (err)
		return err == -ENOENT
			       ? diag_error(diag, "KS336", NULL, "%s is no module", oot->module)
			       : err;
	name = modinfo_get(info, size, "name");
	vermagic = modinfo_get(info, size, "vermagic");
	if (!name || !vermagic)
		err = diag_error(diag, "KS336", NULL, "%s is no module", oot->module);
	else if (strncmp(vermagic, kernel->release, n) || vermagic[n] != ' ')
		err = diag_error(diag, "KS336", NULL, "%s was built for %.*s, not for %s",
				 oot->module, (int)strcspn(vermagic, " "), vermagic,
				 kernel->release);
	else if (!strcmp(name, KLP_CORE_MODULE))
		err = diag_error(diag, "KS386", NULL, "%s", oot->module);
	else if (!(oot->name = strdup(name)))
		err = diag_oom(diag);
	else
		klp_kernel_name(oot->name);
	free(info);
	return err;
}

static int make_module(const struct job *job, const struct kernel *kernel,
		       const struct oot_module *oot)
{
	struct strvec argv = { 0 };
	int err;

	progress_step(job->progress, "build %s", oot->name);
	kbuild_command(job, kernel, oot, &argv);
	strvec_addf(&argv, "M=%s", oot->tree);
	/* symbols of other modules are missing here, but its units don't need them */
	strvec_add(&argv, "KBUILD_MODPOST_WARN=1");
	strvec_add(&argv, "modules");
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS325", oot->name, NULL, argv.list, NULL);
	strvec_free(&argv);
	return err;
}

/* Like keep_original() for a kernel's unit, but in this run's own folder. */
static int keep_unit(struct oot *oot, const struct recorded_unit *unit, const char *source)
{
	char *target = format("%.*s.o", (int)(strlen(source) - strlen(".c")), source);
	char *folder = target ? path_join(oot->oot->units, target, NULL) : NULL;
	char *from = path_join(oot->oot->tree, unit->object, NULL);
	char *object = folder ? path_join(folder, "original.o", NULL) : NULL;
	char *command = folder ? path_join(folder, "command", NULL) : NULL;
	char *recorded = command_recorded(unit->text);
	struct diag_place place = { .file = source };
	int err = 0;

	if (!recorded)
		err = diag_error(oot->job->diag, "KS327", &place, "%s", unit->object);
	else if (!target || !from || !object || !command)
		err = diag_oom(oot->job->diag);
	else if ((err = make_dirs(folder)) || (err = copy_file(from, object)) ||
		 (err = write_file_atomic(command, recorded, strlen(recorded), 0644)))
		diag_errno(oot->job->diag, -err, folder, "write");
	free(recorded);
	free(command);
	free(object);
	free(from);
	free(folder);
	free(target);
	return err;
}

/* Note if a unit of another module reads a file that the diffs change: it keeps the old code. */
static int look_at_read(const char *name, const char *file, void *arg)
{
	struct oot *oot = arg;
	const struct series *series = oot->series;
	size_t n = strlen(oot->oot->tree);
	char *path = NULL, *text;
	int err = 0;

	if (*file != '/')
		path = path_without_dots(file);
	else if (!strncmp(file, oot->oot->tree, n) && file[n] == '/')
		path = path_without_dots(file + n + 1);
	for (size_t i = 0; path && i < series->n_changes && !err; i++) {
		const struct change *change = &series->changes[i];

		if (change->ignored || strcmp(change->path, path))
			continue;
		text = format("%s\t%s", change->path, oot->other);
		err = !text			       ? -ENOMEM
		      : strvec_has(&oot->shared, text) ? 0
						       : strvec_add(&oot->shared, text);
		free(text);
	}
	free(path);
	return err;
}

static int take_unit(const struct recorded_unit *unit, void *arg)
{
	struct oot *oot = arg;
	size_t n = strlen(oot->oot->tree);
	char *name = strdup(base_name(unit->module ?: ""));
	char *source = strncmp(unit->source, oot->oot->tree, n)
			       ? strdup(unit->source)
			       : path_without_dots(unit->source + n + 1);
	int err = name && source ? 0 : -ENOMEM;

	if (!err && strcmp(klp_kernel_name(name), oot->oot->name)) {
		oot->others++;
		oot->other = name;
		err = look_at_read(unit->source, unit->source, oot);
		err = err ?: for_each_recorded_read(unit, look_at_read, oot);
	} else if (!err && !unit_is_assembly(source)) {
		err = unit_index_add(&oot->index, format("unit\t%s\t%s\t%s", source, oot->oot->name,
							 oot->oot->module));
		err = err ?: keep_unit(oot, unit, source);
	}
	free(source);
	free(name);
	return err;
}

static int add_include(const char *includer, const char *text, void *arg)
{
	struct oot *oot = arg;

	return unit_index_add(&oot->index, format("include\t%s\t%s", includer, text));
}

static void warn_of_shared(const struct oot *oot)
{
	for (size_t i = 0; i < oot->shared.n; i++) {
		char *tab = strchr(oot->shared.list[i], '\t');
		struct diag_place place = { .file = oot->shared.list[i] };

		*tab = '\0';
		diag_warning(oot->job->diag, "KS191", &place, "'%s'", tab + 1);
	}
}

static int index_module(const struct job *job, const struct kernel *kernel,
			const struct oot_module *module, const struct series *series)
{
	struct oot oot = { .job = job, .kernel = kernel, .oot = module, .series = series };
	size_t units;
	int err = for_each_recorded_unit(module->tree, take_unit, &oot, job->diag);

	units = oot.index.n;
	err = err
		      ?: for_each_included_unit(module->tree, kernel_arch(kernel->vmlinux),
						add_include, &oot, job->diag);
	if (!err && !units)
		err = diag_error(job->diag, "KS336", NULL, "%s doesn't build a module %s%s",
				 module->source, module->name, oot.others ? ", only others" : "");
	if (!err)
		warn_of_shared(&oot);
	strvec_free(&oot.shared);
	if (!err)
		return unit_index_write(&oot.index, module->index, kernel->build_id, job->diag);
	for (size_t i = 0; i < oot.index.n; i++)
		free(oot.index.lines[i]);
	free(oot.index.lines);
	return err;
}

/* The part before the name of a source file: "/home/me/x/" for "/home/me/x/main.c". */
static int take_built_folder(const char *name, void *arg)
{
	struct oot_module *oot = arg;
	const char *rest = name;
	char *full;
	bool has;

	while (rest && !oot->built) {
		full = path_join(oot->source, rest, NULL);
		if (!full)
			return -ENOMEM;
		has = *rest != '/' && path_exists(full);
		free(full);
		if (has && !(oot->built = strndup(name, rest - name)))
			return -ENOMEM;
		rest = strchr(rest, '/');
		rest = rest ? rest + 1 : NULL;
	}
	return 0;
}

/*
 * Find the folder where the module was built: its __FILE__ contains this path. The source may be
 * elsewhere now. Without debug information it must be where it was.
 */
static int find_built_folder(struct oot_module *oot, struct diag *diag)
{
	struct diag *quiet = diag_new("kpatch-build");
	int err = 0;

	if (!quiet)
		return diag_oom(diag);
	if (dwarf_for_each_unit(oot->module, take_built_folder, oot, quiet) == -ENOMEM)
		err = diag_oom(diag);
	diag_free(quiet);
	if (!err && !oot->built && !(oot->built = format("%s/", oot->source)))
		err = diag_oom(diag);
	return err;
}

int prepare_oot(struct build *build)
{
	int err;

	if (!build->oot.module)
		return 0;
	build->oot.tree = path_join(build->work, "module", NULL);
	build->oot.units = path_join(build->work, "module-units", NULL);
	build->oot.index = path_join(build->work, "module-index", NULL);
	if (!build->oot.tree || !build->oot.units || !build->oot.index)
		return diag_oom(build->diag);
	err = identify_module(&build->kernel, &build->oot, build->diag);
	if (!err && (err = source_tree_make(build->oot.source, build->oot.tree, TREE_OF_COPIES)))
		diag_errno(build->diag, -err, build->oot.source, "copy");
	err = err ?: find_built_folder(&build->oot, build->diag);
	err = err ?: make_module(&build->job, &build->kernel, &build->oot);
	return err ?: index_module(&build->job, &build->kernel, &build->oot, &build->series);
}

static int add_any_unit(const struct job *job, const struct kernel *kernel,
			const struct oot_module *oot, struct reached *reached,
			const struct unit_index *index)
{
	int err = 0;

	for (size_t i = 0; i < index->n_units && !err; i++)
		err = map_unit(job, kernel, oot, reached, &index->units[i]);
	return err;
}

/*
 * Modules are small: all units are compiled, and the lists of files that the compiler read tell
 * which ones change.
 */
int map_oot_headers(struct build *build)
{
	struct unit_index index;
	bool header = false;
	int err;

	for (size_t i = 0; i < build->n_changes; i++) {
		size_t n = strlen(build->changes[i].path);

		header |= n > 2 && !strcmp(build->changes[i].path + n - 2, ".h");
	}
	if (!header)
		return 0;
	err = unit_index_load(build->oot.index, build->kernel.build_id, &index, build->diag);
	err = err
		      ?: add_any_unit(&build->job, &build->kernel, &build->oot, &build->reached,
				      &index);
	unit_index_free(&index);
	return err;
}
