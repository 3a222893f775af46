// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compiler of another release of the distribution can't be installed beside
 * the system's, and needs a newer C library than the system has. Unpacked into
 * the cache, with its own libraries, it can still run: its own loader starts
 * each of its programs, and GCC starts the programs that it calls by a wrapper.
 *
 * So there is a folder of small scripts for the programs that kbuild calls,
 * which comes first in PATH. All other programs are the system's: host programs
 * are compiled by the system's gcc, and run with its libraries.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arch.h"
#include "lib/array.h"
#include "kpatch-build/kernel/distro.h"
#include "kpatch-build/kernel/kernel-config.h"
#include "kpatch-build/kernel/toolchain.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/run.h"
#include "lib/files.h"
#include "lib/temporary.h"
#include "lib/text.h"

/* The programs that kbuild and we call, apart from the compiler. */
static const char *const programs[] = {
	"addr2line", "ar",     "as",	 "ld",	    "ld.bfd", "nm",	 "objcopy",
	"objdump",   "pahole", "ranlib", "readelf", "size",   "strings", "strip",
};

/*
 * kbuild records the versions of these programs in the configuration, so other versions would
 * change it (scripts/{as,ld,pahole}-version.sh). A version is "2.44", "1.30".
 */
static const struct {
	const char *option, *program;
	int major, minor; /* the factors of its two parts */
} versions[] = {
	{ "CONFIG_AS_VERSION", "as", 10000, 100 },
	{ "CONFIG_LD_VERSION", "ld", 10000, 100 },
	{ "CONFIG_PAHOLE_VERSION", "pahole", 100, 1 },
};

/* The first line that `@program --version` prints; caller frees, NULL if it can't be run. */
static char *version_line(const char *program)
{
	const char *argv[] = { program, "--version", NULL };
	struct process process = { .argv = argv };
	char *line = NULL;

	if (!process_run(&process) && process.log)
		line = strndup(process.log, strcspn(process.log, "\n"));
	process_end(&process);
	return line;
}

/* "GNU ld (GNU Binutils for Debian) 2.44", "v1.30": the part after the last blank or 'v' */
static long version_number(const char *line, int major, int minor)
{
	const char *at = strrchr(line, ' ');
	int a, b = 0, c = 0;

	at = at ? at + 1 : line + (*line == 'v');
	if (sscanf(at, "%d.%d.%d", &a, &b, &c) < 1)
		return -1;
	return (long)a * major + b * minor + (minor > 1 ? c : 0);
}

static bool has_version(const char *config, size_t i)
{
	char *want = config_value(config, versions[i].option);
	char *line = want ? version_line(versions[i].program) : NULL;
	bool has;

	has = !want || (line && version_number(line, versions[i].major, versions[i].minor) ==
					strtol(want, NULL, 10));
	free(line);
	free(want);
	return has;
}

/* Does the program print the version that the configuration has? */
static bool is_compiler(const struct kernel *kernel, const char *program)
{
	char *line = version_line(program);
	bool is = line && !strcmp(line, kernel->cc_version);

	free(line);
	return is;
}

static int system_fits(const struct kernel *kernel, bool *fits, struct diag *diag)
{
	char *config;
	size_t size;
	int err = read_file(kernel->config, &config, &size);

	if (err)
		return diag_errno(diag, -err, kernel->config, "read");
	*fits = is_compiler(kernel, kernel->cc);
	for (size_t i = 0; i < ARRAY_SIZE(versions) && *fits; i++)
		*fits = has_version(config, i);
	free(config);
	return 0;
}

/* "x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0" as the name of a folder. Caller frees. */
static char *folder_of(const struct kernel *kernel)
{
	char *name = strdup(kernel->cc_version), *folder, *to = name;

	for (const char *c = name; c && *c; c++)
		if (strchr("-.+~", *c) || (*c >= '0' && *c <= '9') ||
		    ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z'))
			*to++ = *c;
		else if (to > name && to[-1] != '_')
			*to++ = '_';
	if (to)
		*to = '\0';
	folder = name ? path_join(kernel->cache, "toolchains", name, NULL) : NULL;
	free(name);
	return folder;
}

/* "$root/loader --library-path …"; caller frees. NULL: there is no loader, or not enough memory. */
static char *loader_command(const struct distro *distro, const char *root)
{
	const struct arch *arch = arch_of_system();
	char *command = NULL, *folders[ARRAY_SIZE(distro->libraries)] = { NULL };

	for (size_t i = 0; arch && i < ARRAY_SIZE(folders); i++)
		folders[i] = path_join(root, distro->libraries[i], arch->triplet, NULL);
	for (size_t i = 0; folders[0] && folders[1] && i < ARRAY_SIZE(folders) && !command; i++) {
		char *loader = path_join(folders[i], arch->program_loader, NULL);

		if (loader && path_exists(loader))
			command = format("%s --library-path %s:%s", loader, folders[0], folders[1]);
		free(loader);
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		free(folders[i]);
	return command;
}

/* The name of the loader, for messages. */
static const char *loader_name(void)
{
	const struct arch *arch = arch_of_system();

	return arch ? arch->program_loader : "loader of programs";
}

static int write_script(const char *bin, const char *name, char *text)
{
	char *path = path_join(bin, name, NULL);
	int err = path && text ? write_file_atomic(path, text, strlen(text), 0755) : -ENOMEM;

	free(path);
	free(text);
	return err;
}

/*
 * GCC passes its wrapper the path of cc1 and collect2 in its own folder, but the bare name of the
 * assembler, which is one of our scripts. collect2 itself looks for ld in PATH. GCC finds its
 * folders by argv[0].
 */
static int write_compiler(const char *bin, const char *root, const char *loader, const char *name)
{
	return write_script(bin, ".wrapper",
			    format("#!/bin/sh\ncase $1 in\n*/*) exec %s --argv0 \"$1\" \"$@\" ;;\n"
				   "esac\nexec \"$@\"\n",
				   loader))
		       ?: write_script(
				  bin, name,
				  format("#!/bin/sh\nPATH=%s:$PATH exec %s --argv0 %s/usr/bin/%s "
					 "%s/usr/bin/%s -wrapper %s/.wrapper --sysroot=%s \"$@\"\n",
					 bin, loader, root, name, root, name, bin, root));
}

static int write_scripts(const struct kernel *kernel, const char *bin, const char *root)
{
	char *loader = loader_command(kernel->distro, root);
	int err = loader ? make_dirs(bin) : -ENOENT;

	err = err ?: write_compiler(bin, root, loader, kernel->cc);
	for (size_t i = 0; i < ARRAY_SIZE(programs) && !err; i++)
		err = write_script(bin, programs[i],
				   format("#!/bin/sh\nexec %s --argv0 %s/usr/bin/%s %s/usr/bin/%s "
					  "\"$@\"\n",
					  loader, root, programs[i], root, programs[i]));
	free(loader);
	return err;
}

/* libc.so is a linker script that names /lib, which is a link on every system. */
static int add_links(const char *root)
{
	static const char *const links[][2] = { { "usr/lib", "lib" }, { "usr/lib64", "lib64" } };
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(links) && !err; i++) {
		char *path = path_join(root, links[i][1], NULL);

		if (!path)
			err = -ENOMEM;
		else if (!path_exists(path) && symlink(links[i][0], path))
			err = -errno;
		free(path);
	}
	return err;
}

/* The scripts contain absolute paths, so they are written last, when everything is in its place. */
static int make_toolchain(const struct job *job, struct kernel *kernel, const char *folder)
{
	char *root = path_join(folder, "root", NULL), *bin = path_join(folder, "bin", NULL);
	int err = root && bin ? 0 : diag_oom(job->diag);

	if (!err && ((err = remove_tree(folder)) || (err = make_dirs(root))))
		diag_errno(job->diag, -err, folder, "make");
	err = err ?: kernel->distro->fetch_compiler(job, kernel, root);
	if (!err) {
		err = add_links(root) ?: write_scripts(kernel, bin, root);
		if (err == -ENOENT)
			diag_error(job->diag, "KS390", NULL, "there is no %s below %s",
				   loader_name(), root);
		else if (err)
			diag_errno(job->diag, -err, folder, "write");
	}
	free(bin);
	free(root);
	return err;
}

static void tell_waiting(const char *path, void *arg)
{
	progress_step(arg, "wait for another run at %s", path);
}

static int use_toolchain(const char *bin, struct diag *diag)
{
	const char *path = getenv("PATH");
	char *longer = format("%s:%s", bin, path ?: "/usr/bin:/bin");
	int err = longer && !setenv("PATH", longer, 1) ? 0 : diag_oom(diag);

	free(longer);
	return err;
}

static int bring_toolchain(const struct job *job, struct kernel *kernel, const char *folder,
			   const char *program)
{
	char *lock = format("%s.lock", folder),
	     *parent = path_join(kernel->cache, "toolchains", NULL);
	int err = lock && parent ? make_dirs(parent) : -ENOMEM;
	int fd = err ? err : lock_file(lock, tell_waiting, job->progress);

	if (fd < 0) {
		err = diag_errno(job->diag, -fd, folder, "lock");
	} else {
		/* another run may have fetched it while this one waited */
		if (!is_compiler(kernel, program))
			err = make_toolchain(job, kernel, folder);
		unlock_file(fd);
	}
	if (!err && !is_compiler(kernel, program)) {
		char *line = version_line(program);

		err = diag_error(job->diag, "KS390", NULL, "%s", program);
		diag_detail(job->diag, "the kernel was built by: %s", kernel->cc_version);
		diag_detail(job->diag, "the one fetched is:      %s", line ?: "not able to run");
		free(line);
	}
	free(parent);
	free(lock);
	return err;
}

/* For people, and tests, that compile something for this kernel by hand. We don't use it. */
static void link_toolchain(const struct kernel *kernel)
{
	char *link = path_join(kernel->dir, "toolchain", NULL);

	if (link && symlink(kernel->toolchain, link) && errno == EEXIST)
		if (!unlink(link) && symlink(kernel->toolchain, link))
			errno = 0; /* another run was faster */
	free(link);
}

int take_toolchain(const struct job *job, struct kernel *kernel)
{
	char *folder, *bin, *program;
	bool fits = false;
	int err = system_fits(kernel, &fits, job->diag);

	if (err || fits)
		return err;
	folder = folder_of(kernel);
	bin = folder ? path_join(folder, "bin", NULL) : NULL;
	program = bin ? path_join(bin, kernel->cc, NULL) : NULL;
	if (!program)
		err = diag_oom(job->diag);
	else if (!job->options.fetch && !is_compiler(kernel, program))
		goto out; /* check_compiler() reports what is missing */
	else if (!is_compiler(kernel, program))
		err = bring_toolchain(job, kernel, folder, program);
	err = err ?: use_toolchain(bin, job->diag);
	if (!err) {
		kernel->toolchain = folder;
		folder = NULL;
		link_toolchain(kernel);
	}
out:
	free(program);
	free(bin);
	free(folder);
	return err;
}
