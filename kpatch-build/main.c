// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpatch-build: from source diffs to livepatch modules for a kernel that
 * somebody else has built. What it does, in its order, is the table below.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/many-kernels.h"
#include "kpatch-build/options.h"
#include "kpatch-build/output/summary.h"

enum exit_code { EXIT_BUILT = 0, EXIT_ERROR = 1, EXIT_REFUSED = 2, EXIT_UNCHANGED = 3 };

/* Settings in the environment that would change what make or the compiler do. */
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
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		unsetenv(unwanted[i].name);
	setenv("LC_ALL", "C.UTF-8", 1); /* messages that we look into */
}

typedef int (*pass_fn)(struct build *build);

static int run_passes(struct build *build, const pass_fn *passes)
{
	int err = 0;

	for (; *passes && !err && !build->nothing_to_do; passes++)
		err = (*passes)(build);
	return err;
}

static const pass_fn find_passes[] = {
	find_tools, name_livepatch, make_work, take_oot, read_diffs, NULL,
};
static const pass_fn compile_passes[] = {
	check_output, find_kernel, check_signing, prepare_kernel, prepare_oot, apply_diffs,
	keep_line_numbers, map_units, map_headers, map_new_units,
	identify_objects, compile_originals, check_makers, compile_patched,
	check_macros, check_removed_units, check_globals, diff_units_and_callers, NULL,
};
static const pass_fn module_passes[] = {
	prove_units, check_sleepers, check_creators, check_core_functions, link_objects, build_modules, resolve_modules, list_relocations,
	sign_modules, write_manifest, write_report, make_package, install_output,
	save_report, NULL,
};
static const pass_fn check_passes[] = {
	prove_units, check_sleepers, check_creators, check_core_functions, name_modules, write_manifest, write_report, save_report, NULL,
};
static const pass_fn prove_passes[] = {
	find_kernel, prepare_kernel, prepare_oot, map_units, identify_objects, compile_originals,
	check_makers,
	prove_units, NULL,
};

static enum exit_code build_livepatch(struct build *build)
{
	int err = run_passes(build, find_passes);

	if (!err && build->options.prove)
		err = run_passes(build, prove_passes);
	else if (!err)
		err = run_passes(build, compile_passes);
	if (!err && !build->options.prove) {
		if (build->nothing_to_do || !build_replaces(build))
			return EXIT_UNCHANGED;
		err = run_passes(build, build->options.check ? check_passes : module_passes);
	}
	if (!err)
		return EXIT_BUILT;
	return summary_is_refusal(build->diag) ? EXIT_REFUSED : EXIT_ERROR;
}

/* For a person or a program; one of several kernels says both. */
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

int main(int argc, char **argv)
{
	struct build build = { .kernel.lock = -1 };
	int code;
	bool many;

	options_parse(argc, argv, &build.options);
	build.diag = diag_new("kpatch-build");
	build.progress = progress_new(build.options.verbose,
				      build.options.events ? stdout : NULL);
	if (!build.diag || !build.progress) {
		fputs("kpatch-build: out of memory\n", stderr);
		return EXIT_ERROR;
	}
	files_cleanup_on_signals();
	clean_environment();
	many = options_want_many(&build.options);
	code = many ? build_for_many(&build, argv) : (int)build_livepatch(&build);
	progress_end(build.progress);
	if (!many)
		code = say_result(&build, code);
	if (build.work && build.options.keep && !many) {
		files_keep(build.work);
		fprintf(stderr, "intermediate files: %s\n", build.work);
	} else if (build.work) {
		remove_tree(build.work);
	}
	progress_free(build.progress);
	diag_free(build.diag);
	build_free(&build);
	return code;
}
