// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The only place that calls kbuild: every make of one kernel has the same
 * command line, and must leave the configuration as it was shipped. See
 * kbuild.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/kernel/distro.h"
#include "lib/text.h"

/*
 * kbuild maps only its own root; the __FILE__ of an out-of-tree module is the path where it was
 * built.
 */
static char *module_map(const struct oot_module *oot)
{
	const char *built = oot->built ?: "";

	if (!oot->tree)
		return NULL;
	return format(" -fdebug-prefix-map=%s/= -fmacro-prefix-map=%s/=%s", oot->tree, oot->tree,
		      path_is_plain(built) ? built : "");
}

void kbuild_command(const struct job *job, const struct kernel *kernel,
		    const struct oot_module *oot, struct strvec *argv)
{
	char *map = module_map(oot);

	strvec_add(argv, "make");
	strvec_addf(argv, "-j%u", job->options.jobs);
	strvec_add(argv, "-C");
	strvec_add(argv, kernel->source);
	strvec_addf(argv, "O=%s", kernel->build);
	strvec_addf(argv, "CC=%s", kernel->cc);
	strvec_addf(argv, "KERNELRELEASE=%s", kernel->release);
	/* since 6.12 Kconfig records which Rust compiler it finds, used or not */
	if (!kernel->has_rust) {
		strvec_add(argv, "RUSTC=false");
		strvec_add(argv, "BINDGEN=false");
	}
	/*
	 * The distribution's build sets these: dump_stack() and the hung task detector print its
	 * version (Makefile: filechk_package.h). Kernels that users build for themselves have none.
	 */
	if (kernel->version && strcmp(kernel->version, kernel->release)) {
		strvec_add(argv, "DISTRIBUTION_OFFICIAL_BUILD=1");
		strvec_addf(argv, "DISTRIBUTOR=%s", kernel->distro->name);
		strvec_addf(argv, "DISTRIBUTION_VERSION=%s", kernel->version);
	}
	/* type layouts and line numbers come from debug information, which changes no code */
	strvec_addf(argv,
		    "KCFLAGS=" SECTION_FLAGS " -fdebug-prefix-map=%s/= "
		    "-fdebug-prefix-map=%s=.%s%s",
		    kernel->source, kernel->build, kernel->has_debug_info ? "" : " -g", map ?: "");
	free(map);
}

/* build/fs/proc/meminfo.o → build/fs/proc/.meminfo.o.cmd; caller frees */
char *recorded_command_path(const char *folder, const char *target)
{
	const char *base = base_name(target);

	return format("%s/%.*s.%s.cmd", folder, (int)(base - target), target, base);
}

/* kbuild records the versions of these programs in the configuration. */
static const struct {
	const char *option, *package;
} tools[] = {
	{ "CONFIG_CC_VERSION_TEXT=", "the compiler that built the kernel, gcc-VERSION" },
	{ "CONFIG_LD_VERSION=", "binutils" },
	{ "CONFIG_AS_VERSION=", "binutils" },
	{ "CONFIG_PAHOLE_VERSION=", "pahole" },
};

static void suggest_package(struct diag *diag, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (str_starts(line, tools[i].option))
			diag_detail(diag, "package: %s", tools[i].package);
}

int config_is_unchanged(const struct kernel *kernel, struct diag *diag)
{
	char *path = path_join(kernel->build, ".config", NULL), *now = NULL, *shipped = NULL;
	const char *a, *b;
	size_t size;
	int err;

	if (!path)
		return diag_oom(diag);
	if ((err = read_file(path, &now, &size)))
		diag_errno(diag, -err, path, "read");
	else if ((err = read_file(kernel->config, &shipped, &size)))
		diag_errno(diag, -err, kernel->config, "read");
	if (!err && strcmp(now, shipped)) {
		for (a = now, b = shipped; *a && *a == *b;)
			a++, b++;
		while (a > now && a[-1] != '\n')
			a--, b--;
		err = diag_error(diag, "KS309", NULL, "%s", kernel->config);
		diag_detail(diag, "shipped: %.*s", (int)strcspn(b, "\n"), b);
		diag_detail(diag, "now:     %.*s", (int)strcspn(a, "\n"), a);
		suggest_package(diag, b);
	}
	free(path);
	free(now);
	free(shipped);
	return err;
}
