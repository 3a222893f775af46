// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpatch-build: from source diffs to livepatch modules for a kernel as its
 * distribution built it. The tables below list what it does, in order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/check/causes.h"
#include "kpatch-build/check/decisive.h"
#include "kpatch-build/each/each.h"
#include "kpatch-build/each/part.h"
#include "kpatch-build/kernel/distro.h"
#include "lib/files.h"
#include "lib/streams.h"
#include "kpatch-build/many-kernels.h"
#include "kpatch-build/options.h"
#include "kpatch-build/output/summary.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/source/cve-map.h"
#include "kpatch-build/source/source-files.h"
#include "kpatch-build/suggest/suggest.h"
#include "lib/temporary.h"

enum exit_code { EXIT_BUILT = 0, EXIT_ERROR = 1, EXIT_REFUSED = 2, EXIT_UNCHANGED = 3 };

/* Settings in the environment that would change the behaviour of make or the compiler. */
static const struct {
	const char *name, *why;
} unwanted[] = {
	{ "MAKEFLAGS", "options of a make that we were started by" },
	{ "MFLAGS", "the same" },
	{ "MAKELEVEL", "kbuild prints folders at some levels only" },
	{ "ARCH", "another architecture's tree" },
	{ "CROSS_COMPILE", "another compiler" },
	{ "CC", "another compiler" },
	{ "HOSTCC", "another compiler" },
	{ "LLVM", "another compiler" },
	{ "KCFLAGS", "flags that the kernel wasn't built with" },
	{ "KCPPFLAGS", "the same" },
	{ "KAFLAGS", "the same" },
	{ "CFLAGS_KERNEL", "the same" },
	{ "CFLAGS_MODULE", "the same" },
	{ "KBUILD_OUTPUT", "another build tree" },
	{ "KBUILD_EXTMOD", "builds a module instead of the kernel" },
	{ "KBUILD_VERBOSE", "floods the log" },
	{ "LOCALVERSION", "another release" },
	{ "GCC_COMPARE_DEBUG", "flags of GCC" },
	{ "CPATH", "headers that don't belong to the kernel" },
	{ "C_INCLUDE_PATH", "the same" },
	{ "COMPILER_PATH", "another assembler" },
	{ "GCC_EXEC_PREFIX", "another compiler" },
	{ "SOURCE_DATE_EPOCH", "time stamps" },
	{ "PATCH_GET", "patch would ask a version control" },
	{ "POSIXLY_CORRECT", "changes the options of patch" },
	{ "CDPATH", "makes `cd` print" },
};

static void clean_environment(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(unwanted); i++)
		unsetenv(unwanted[i].name);
	setenv("LC_ALL", "C.UTF-8", 1); /* we parse some messages */
}

typedef int (*pass_fn)(struct build *build);

/* Each pass relies on those before it: the first error ends them. */
static int run_passes(struct build *build, const pass_fn *passes)
{
	int err = 0;

	for (; *passes && !err && !build->nothing_to_do; passes++)
		err = (*passes)(build);
	return err;
}

/* The author of a diff wants to see all problems at once. */
static int run_each(struct build *build, const pass_fn *passes)
{
	int err = 0, one;

	for (; *passes; passes++) {
		one = (*passes)(build);
		err = err ?: one;
	}
	return err;
}

static const pass_fn find_passes[] = {
	find_tools, make_work,	take_inputs,	  read_cve_map, name_livepatch,
	take_oot,   read_diffs, warn_of_left_out, NULL,
};

static const pass_fn apply_passes[] = {
	check_output,	    find_kernel,     check_signing, prepare_kernel,	 prepare_oot,
	read_diffs_in_tree, leave_out_parts, apply_diffs,   leave_out_functions, check_kconfig,
	keep_line_numbers,  map_units,	     NULL,
};

static const pass_fn header_passes[] = {
	map_headers,
	map_new_units,
	leave_out_new_files,
	NULL,
};

static const pass_fn compile_passes[] = {
	identify_objects, compile_originals,   check_makers,  compile_patched,
	check_macros,	  check_removed_units, check_globals, NULL,
};

/* With a part of the units, before the others are known: decisive.h. */
static const pass_fn early_passes[] = {
	identify_objects, compile_originals, check_makers, compile_patched, NULL,
};

/* These run by run_each(). */
static const pass_fn compare_passes[] = {
	diff_units,	   check_layouts, check_declared, check_signatures,
	check_moved_state, bind_exports,  NULL,
};

/* The same for a part of the units: those whose errors may be decisive. */
static const pass_fn compare_early_passes[] = { diff_units, check_layouts, NULL };

/* When only headers change, this many units are compared first, if there are at least so many. */
enum { FEW_UNITS = 6, MANY_UNITS = 24 };

/* After an error, these could report a unit that was refused. */
static const pass_fn compared_passes[] = {
	check_unresolved,
	NULL,
};

/* These run again if the comparison needs more units than those of the diff. */
static const pass_fn more_units_passes[] = {
	compile_originals,
	check_makers,
	compile_patched,
	NULL,
};

static const pass_fn module_passes[] = {
	prove_units,	      check_sleepers, check_creators, check_allocations, check_finished,
	check_core_functions, name_modules,   link_objects,   build_modules,	 resolve_modules,
	list_relocations,     sign_modules,   write_manifest, write_report,	 make_package,
	install_output,	      save_report,    NULL,
};

/* --check */
static const pass_fn check_passes[] = {
	prove_units,	check_sleepers,	      check_creators, check_allocations,
	check_finished, check_core_functions, name_modules,   check_links,
	write_manifest, write_report,	      save_report,    NULL,
};

/* --prove */
static const pass_fn prove_passes[] = {
	find_kernel,	   prepare_kernel, prepare_oot, map_units, identify_objects,
	compile_originals, check_makers,   prove_units, NULL,
};

/* What a failed comparison needs to succeed the next time. */
enum next { IS_LAST, COMPARE_AGAIN, COMPILE_MORE };

/*
 * Variables that it couldn't tell apart get their names; functions that can't be redirected get
 * their callers.
 */
static int find_next(struct build *build, enum next *next)
{
	bool names = false, callers = false;
	int err = keep_ambiguous_names(build, &names);

	if (!names)
		err = add_callers(build, &callers) ?: err;
	*next = callers ? COMPILE_MORE : names ? COMPARE_AGAIN : IS_LAST;
	return err;
}

/* One comparison; its diagnostics count only if it is the last one. */
static int compare_once(struct build *build, enum next *next)
{
	struct diag *all = build->diag, *now = diag_new("kpatch-build");
	int err;

	*next = IS_LAST;
	if (!now)
		return diag_oom(all);
	build->diag = now;
	err = run_each(build, compare_passes);
	err = err ?: run_passes(build, compared_passes);
	if (err)
		err = find_next(build, next) ?: err;
	if (*next == IS_LAST)
		diag_take(all, now);
	diag_free(now);
	build->diag = all;
	return err;
}

static int compare(struct build *build)
{
	enum next next;
	int err;

	while ((err = compare_once(build, &next)), next != IS_LAST) {
		build_forget_results(&build->reached);
		err = next == COMPILE_MORE ? run_passes(build, more_units_passes) : 0;
		if (err)
			return err;
	}
	return err ?: check_called(build);
}

/* Of the first units only what is decisive is reported: more units may take back the rest. */
static int compare_early(struct build *build)
{
	struct diag *all = build->diag, *now = diag_new("kpatch-build");
	int err;

	if (!now)
		return diag_oom(all);
	build->diag = now;
	err = check_globals(build);
	if (err || build->n_moved) /* code moves from one unit to another: all have to be known */
		err = 0;
	else
		err = run_each(build, compare_early_passes);
	forget_moved(&build->reached);
	build->diag = all;
	err = err && has_decisive_error(now) ? err : 0;
	if (err)
		diag_take(all, now);
	else
		build_forget_results(&build->reached);
	diag_free(now);
	return err;
}

/* With the first @n units that are known; an error is final. */
static int decide_early(struct build *build, size_t n, const char *by)
{
	size_t all = build->n_units;
	int err;

	build->n_units = n;
	build->partial = true;
	err = run_passes(build, early_passes);
	err = err ?: compare_early(build);
	build->partial = false;
	build->n_units = all;
	if (err)
		build->decided_by = by;
	return err;
}

/* Up to the units that the diffs reach, all compiled. */
static int compile(struct build *build)
{
	int err = run_passes(build, apply_passes);
	bool early = !err && !build->nothing_to_do &&
		     may_decide_early(&build->job, &build->oot, &build->series, &build->trees),
	     own = build->n_units > 0;

	if (early && own)
		err = decide_early(build, build->n_units, "the source files that the diffs change");
	err = err ?: run_passes(build, header_passes);
	if (!err && early && !own && build->n_units >= MANY_UNITS)
		err = decide_early(build, FEW_UNITS, "the first units that read the headers");
	return err ?: run_passes(build, compile_passes);
}

static int run_all_passes(struct build *build, bool *unchanged)
{
	int err = run_passes(build, find_passes);

	*unchanged = false;
	if (build->options.prove)
		return err ?: run_passes(build, prove_passes);
	err = err ?: compile(build);
	if (!err && !build->nothing_to_do)
		err = compare(build);
	*unchanged = !err && (build->nothing_to_do || !build_replaces(&build->reached));
	if (err || *unchanged)
		return err;
	return run_passes(build, build->options.check ? check_passes : module_passes);
}

static enum exit_code build_livepatch(struct build *build)
{
	bool unchanged;

	if (!run_all_passes(build, &unchanged))
		return unchanged ? EXIT_UNCHANGED : EXIT_BUILT;
	return diag_has_error_of_class(build->diag, DIAG_REFUSAL) ? EXIT_REFUSED : EXIT_ERROR;
}

/* --suggest; *@command: what builds the result, to be executed at the end. */
static enum exit_code suggest(struct build *build, char **argv, struct strvec *command)
{
	if (!suggest_diff(build, argv, command))
		return build->nothing_to_do ? EXIT_UNCHANGED : EXIT_BUILT;
	return diag_has_error_of_class(build->diag, DIAG_REFUSAL) ? EXIT_REFUSED : EXIT_ERROR;
}

/* As text or JSON; a process for one of several kernels does both. */
static int say_result(struct build *build, int code)
{
	if (build->options.result && summary_to_file(build, code, build->options.result))
		code = EXIT_ERROR;
	if (build->options.json && !build->options.one_of)
		summary_json(build, code, stdout);
	else
		summary_text(build, code, stdout);
	return code;
}

/* Become the program that builds what was suggested. */
static enum exit_code execute(const struct strvec *command)
{
	execv(command->list[0], (char *const *)command->list);
	fprintf(stderr, "kpatch-build: %s: %s\n", command->list[0], strerror(errno));
	return EXIT_ERROR;
}

int main(int argc, char **argv)
{
	struct build build = { .kernel = { .distro = default_distro(), .lock = -1 } };
	struct strvec command = { 0 };
	int code;
	bool many, each;

	streams_guard("kpatch-build", EXIT_ERROR);
	options_parse(argc, argv, &build.options);
	build.diag = diag_new("kpatch-build");
	build.progress = progress_new(build.options.verbose, build.options.events ? stdout : NULL);
	if (!build.diag || !build.progress) {
		fputs("kpatch-build: out of memory\n", stderr);
		return EXIT_ERROR;
	}
	files_cleanup_on_signals();
	clean_environment();
	many = options_want_many(&build.options);
	each = build.options.each && !build.options.each_part;
	if (many)
		code = build_for_many(&build, argv);
	else if (each)
		code = build_of_each(&build, argv);
	else if (build.options.suggest)
		code = suggest(&build, argv, &command);
	else
		code = part_take(&build.job) ? EXIT_ERROR : (int)build_livepatch(&build);
	progress_end(build.progress);
	if (!many && !each && !command.n) {
		fold_consequences(&build);
		code = say_result(&build, code);
	}
	if (build.work && build.options.keep && !many && !each) {
		files_keep(build.work);
		fprintf(stderr, "intermediate files: %s\n", build.work);
	} else if (build.work) {
		remove_tree(build.work);
	}
	progress_free(build.progress);
	diag_free(build.diag);
	source_files_free(&build.sources);
	cve_map_free(build.cves);
	json_decref(build.options.part);
	build_free(&build);
	if (command.n)
		code = execute(&command);
	strvec_free(&command);
	return code;
}
