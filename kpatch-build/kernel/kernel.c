// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch is right only for the very kernel it was built from. Its parts
 * come in four packages and lie in as many places; mixing two versions of them
 * compiles without complaint. So all shipped files are taken from one root (the
 * system, else what was fetched into the cache), and the kernel's own banner
 * says which source and which compiler belong to it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/kernel/plain-folders.h"
#include "kpatch-build/run.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/index/unit-index.h"

/* What one root must have. `%s` is the release. */
static const struct input {
	const char *path;
	const char *package; /* `%s` as well */
	size_t member;       /* of struct kernel */
	size_t given;        /* the same, if it was given by hand */
} inputs[] = {
	{ "usr/src/linux-headers-%s/.config", "linux-headers-%s", offsetof(struct kernel, config),
	  offsetof(struct kernel, given.config) },
	{ "usr/src/linux-headers-%s/Module.symvers", "linux-headers-%s",
	  offsetof(struct kernel, symvers),
	  offsetof(struct kernel, given.symvers) },
	{ "lib/modules/%s/kernel", "linux-image-%s", offsetof(struct kernel, modules),
	  offsetof(struct kernel, given.modules) },
	{ "usr/lib/debug/boot/vmlinux-%s", "linux-image-%s-dbg", offsetof(struct kernel, vmlinux),
	  offsetof(struct kernel, given.vmlinux) },
	{ "usr/lib/debug/lib/modules/%s/kernel", "linux-image-%s-dbg",
	  offsetof(struct kernel, debug_modules),
	  offsetof(struct kernel, given.modules) },
};
#define N_INPUTS (sizeof(inputs) / sizeof(*inputs))

/* A configuration that this tool can't be right for, with the reason. */
enum wish {
	WANTED,
	UNWANTED,
	UNWANTED_IN_LIVEPATCH, /* --prove makes none */
};

static const struct {
	const char *option;
	enum wish wish;
	const char *why;
} requirements[] = {
	{ "CONFIG_LIVEPATCH", WANTED, "the kernel can't be livepatched at all" },
	{ "CONFIG_MODULES", WANTED, "a livepatch is a module" },
	{ "CONFIG_DYNAMIC_FTRACE", WANTED, "livepatch redirects functions with ftrace" },
	{ "CONFIG_HAVE_RELIABLE_STACKTRACE", WANTED, "a transition needs reliable stacks" },
	{ "CONFIG_DEBUG_INFO_SPLIT", UNWANTED, "debug information in other files isn't read" },
	{ "CONFIG_RANDSTRUCT", UNWANTED, "layouts of structures depend on a seed that isn't shipped" },
	{ "CONFIG_GCC_PLUGIN_LATENT_ENTROPY", UNWANTED, "two compiles of one unit differ at random" },
	{ "CONFIG_LTO_CLANG", UNWANTED, "a unit isn't compiled to an object of its own" },
	{ "CONFIG_KASAN", UNWANTED_IN_LIVEPATCH,
	  "each unit lists its variables for the checker, which would see those of the livepatch twice" },
};

static char **member_of(struct kernel *kernel, const struct input *input)
{
	return (char **)((char *)kernel + input->member);
}

static const char *given_member(const struct kernel *kernel, const struct input *input)
{
	return *(char **)((char *)kernel + input->given);
}

static char *under_root(const char *root, const struct input *input, const char *release)
{
	char *relative = format(input->path, release);
	char *path = relative ? format("%s/%s", root, relative) : NULL;

	free(relative);
	return path;
}

/* But for what was given. */
static bool root_is_complete(const struct kernel *kernel, const char *root)
{
	bool complete = true;

	for (size_t i = 0; i < N_INPUTS && complete; i++) {
		char *path;

		if (given_member(kernel, &inputs[i]))
			continue;
		path = under_root(root, &inputs[i], kernel->release);

		complete = path && path_exists(path);
		free(path);
	}
	return complete;
}

static int take_root(struct build *build, const char *root)
{
	struct kernel *kernel = &build->kernel;

	for (size_t i = 0; i < N_INPUTS; i++) {
		const char *given = given_member(kernel, &inputs[i]);
		char *path = given ? strdup(given) : under_root(root, &inputs[i], kernel->release);

		if (!path)
			return diag_oom(build->diag);
		free(*member_of(kernel, &inputs[i]));
		*member_of(kernel, &inputs[i]) = path;
	}
	return 0;
}

char *kernel_series(const char *release)
{
	int major, minor;

	if (sscanf(release, "%d.%d", &major, &minor) != 2)
		return NULL;
	return format("%d.%d", major, minor);
}

/* Name each package that is missing below "/", with the command that brings it. */
static int report_missing(struct build *build)
{
	const char *release = build->kernel.release, *last = NULL;
	char *packages = strdup(""), *series = kernel_series(release);

	diag_error(build->diag, "KS301", NULL, "%s", release);
	for (size_t i = 0; i < N_INPUTS; i++) {
		char *path = under_root("", &inputs[i], release), *package, *longer;

		if (path && !given_member(&build->kernel, &inputs[i]) && !path_exists(path)) {
			diag_detail(build->diag, "missing: %s", path);
			package = format(inputs[i].package, release);
			if (package && packages && last != inputs[i].package &&
			    (!last || strcmp(last, inputs[i].package))) {
				longer = format("%s %s", packages, package);
				free(packages);
				packages = longer;
			}
			last = inputs[i].package;
			free(package);
		}
		free(path);
	}
	diag_detail(build->diag, "as root: apt install%s linux-source-%s", packages ?: "",
		    series ?: "X.Y");
	diag_detail(build->diag, "or without root: kpatch-build --fetch --kernel %s …", release);
	free(packages);
	free(series);
	return -ENOENT;
}

/* The value behind "NAME=" at the beginning of a line, without quotes; NULL if it isn't set. */
char *config_value(const char *config, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = config; (at = strstr(at, name)); at += n) {
		const char *value = at + n + 1;

		if ((at != config && at[-1] != '\n') || at[n] != '=')
			continue;
		if (*value == '"')
			return strndup(value + 1, strcspn(value + 1, "\"\n"));
		return strndup(value, strcspn(value, "\n"));
	}
	return NULL;
}

static int check_config(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	char *config, *value;
	size_t size;
	int err;

	err = read_file(kernel->config, &config, &size);
	if (err)
		return diag_errno(build->diag, -err, kernel->config, "read");
	for (size_t i = 0; i < sizeof(requirements) / sizeof(*requirements); i++) {
		if (requirements[i].wish == UNWANTED_IN_LIVEPATCH && build->options.prove)
			continue;
		value = config_value(config, requirements[i].option);
		if (!!value != (requirements[i].wish == WANTED))
			err = diag_error(build->diag, "KS302", NULL, "%s is %s: %s",
					 requirements[i].option, value ?: "not set",
					 requirements[i].why);
		free(value);
	}
	kernel->cc_version = config_value(config, "CONFIG_CC_VERSION_TEXT");
	value = config_value(config, "CONFIG_RUSTC_VERSION");
	kernel->sign_hash = config_value(config, "CONFIG_MODULE_SIG_HASH");
	kernel->has_rust = value && strcmp(value, "0");
	free(value);
	value = config_value(config, "CONFIG_DEBUG_INFO");
	kernel->has_debug_info = value;
	free(value);
	free(config);
	if (!kernel->cc_version)
		return diag_error(build->diag, "KS302", NULL, "%s has no CONFIG_CC_VERSION_TEXT",
				  kernel->config);
	kernel->cc = strndup(kernel->cc_version, strcspn(kernel->cc_version, " "));
	return kernel->cc ? err : diag_oom(build->diag);
}

/*
 * The compiler must be the one that the configuration names, to the last patch
 * of the distribution, and the one that the kernel's .comment was written by.
 */
static int check_compiler(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	const char *argv[] = { kernel->cc, "--version", NULL };
	char *text = NULL, *comment, *tail = strchr(kernel->cc_version, ' ');
	struct process process = { .argv = argv };
	size_t size;
	int err;

	err = process_run(&process);
	if (!err && process.log)
		text = strndup(process.log, strcspn(process.log, "\n"));
	process_end(&process);
	if (err || !text) {
		diag_error(build->diag, "KS303", NULL, "%s can't be run", kernel->cc);
		diag_detail(build->diag, "the kernel was built by: %s", kernel->cc_version);
		diag_detail(build->diag, "as root: apt install %s", kernel->cc);
		return -EINVAL;
	}
	if (strcmp(text, kernel->cc_version)) {
		err = diag_error(build->diag, "KS303", NULL, "%s is another version", kernel->cc);
		diag_detail(build->diag, "the kernel was built by: %s", kernel->cc_version);
		diag_detail(build->diag, "here is:                 %s", text);
	}
	free(text);
	if (err)
		return err;
	err = shipped_section(kernel->vmlinux, ".comment", &comment, &size, build->diag);
	if (err)
		return diag_error(build->diag, "KS303", NULL, "%s doesn't say what built it",
				  kernel->vmlinux);
	if (tail && !memmem(comment, size, tail, strlen(tail))) {
		err = diag_error(build->diag, "KS303", NULL,
				 "the configuration and vmlinux name two compilers");
		diag_detail(build->diag, "configuration: %s", kernel->cc_version);
		diag_detail(build->diag, "vmlinux:       %s", comment);
	}
	free(comment);
	return err;
}

/* "… #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)" and "Linux version <release> (…" */
static int read_banner(struct build *build)
{
	struct kernel *kernel = &build->kernel;
	size_t n = strlen(kernel->release);
	char *banner, *at;
	int err;

	err = shipped_banner(kernel->vmlinux, &banner, build->diag);
	if (err)
		return err;
	at = banner + strlen("Linux version ");
	if (strncmp(at, kernel->release, n) || at[n] != ' ')
		err = diag_error(build->diag, "KS301", NULL, "%s is another kernel: %s",
				 kernel->vmlinux, banner);
	at = strstr(banner, " Debian ");
	at = strstr(banner, "SMP") && at ? strrchr(banner, '(') : NULL;
	if (!err && !at && kernel->by_hand) {
		kernel->version = strdup(kernel->release);
	} else if (!err && at) {
		*at = '\0';
		while (at > banner && at[-1] == ' ')
			*--at = '\0';
		at = strrchr(banner, ' ');
		kernel->version = at ? strdup(at + 1) : NULL;
	}
	free(banner);
	if (!err && !kernel->version)
		err = diag_error(build->diag, "KS301", NULL,
				 "%s: its banner names no Debian version", kernel->vmlinux);
	return err;
}

/*
 * What is made for a kernel that was given by hand must not be taken for that of another one of
 * the same release: it has a folder for each set of files.
 */
static char *folder_of_given(const struct kernel *kernel)
{
	const char *const files[] = {
		kernel->given.source, kernel->given.config, kernel->given.vmlinux,
		kernel->given.modules, kernel->given.symvers, kernel->given.build_tree,
	};
	uint32_t sum = 2166136261u; /* FNV-1a; the stamp of what is made there holds digests */

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		for (const char *c = files[i] ?: "-";; c++) {
			sum = (sum ^ (unsigned char)*c) * 16777619u;
			if (!*c)
				break;
		}
	return format("%s/kernels/%s-%08x", kernel->cache, kernel->release, sum);
}

static int set_paths(struct build *build)
{
	struct kernel *kernel = &build->kernel;

	kernel->root = path_join(kernel->cache, "kernels", kernel->release, "root", NULL);
	kernel->dir = kernel->by_hand ? NULL : path_join(kernel->cache, "kernels", kernel->release, NULL);
	if (kernel->by_hand && !(kernel->dir = folder_of_given(kernel)))
		return diag_oom(build->diag);
	kernel->source = kernel->dir ? path_join(kernel->dir, "source", NULL) : NULL;
	kernel->build = kernel->dir ? path_join(kernel->dir, "build", NULL) : NULL;
	kernel->index = kernel->dir ? path_join(kernel->dir, UNIT_INDEX_NAME, NULL) : NULL;
	return kernel->source && kernel->build && kernel->index && kernel->root ? 0 : diag_oom(build->diag);
}

int set_cache(struct build *build)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path;
	int err;

	if (base && *base == '/')
		path = path_join(base, "klp-split", NULL);
	else
		path = path_join(home ?: "/root", ".cache/klp-split", NULL);
	err = path ? plain_cache_folder(path, &build->kernel.cache) : -ENOMEM;
	if (err)
		err = err == -ENOMEM ? diag_oom(build->diag)
				     : diag_error(build->diag, "KS304", NULL, "%s", path);
	free(path);
	return err;
}

int set_release(struct build *build)
{
	const char *asked = build->options.kernel;
	struct utsname uts;

	if (asked && (*asked < '0' || *asked > '9'))
		return resolve_kernel_name(build);
	if (!asked && build->kernel.given.vmlinux)
		return release_of_vmlinux(build, &build->kernel.release);
	if (!asked) {
		uname(&uts);
		asked = uts.release;
	}
	if (!*asked || strpbrk(asked, "/ \t\n:#$'\"\\") || *asked == '.')
		return diag_error(build->diag, "KS301", NULL, "'%s' is no kernel release", asked);
	build->kernel.release = strdup(asked);
	return build->kernel.release ? 0 : diag_oom(build->diag);
}

bool cached_root_is_complete(struct build *build)
{
	return root_is_complete(&build->kernel, build->kernel.root);
}

static bool take_complete_root(struct build *build, int *err)
{
	const struct kernel *kernel = &build->kernel;

	*err = 0;
	if (root_is_complete(kernel, ""))
		*err = take_root(build, "");
	else if (root_is_complete(kernel, kernel->root))
		*err = take_root(build, kernel->root);
	else
		return false;
	return true;
}

int find_kernel(struct build *build)
{
	int err;

	err = set_cache(build);
	err = err ?: take_given(build);
	err = err ?: set_release(build);
	err = err ?: set_paths(build);
	if (err)
		return err;
	if (!take_complete_root(build, &err) && !err) {
		if (!build->options.fetch)
			return report_missing(build);
		err = fetch_kernel(build);
		if (!err && !take_complete_root(build, &err))
			err = err ?: report_missing(build);
	}
	err = err ?: check_config(build);
	err = err ?: read_banner(build);
	err = err ?: check_compiler(build);
	err = err ?: check_shipped_config(build);
	return err ?: shipped_build_id(build->kernel.vmlinux, &build->kernel.build_id, build->diag);
}
