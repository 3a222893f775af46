/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a distribution names its kernels, and how it ships their parts: packages,
 * paths, archives. A new distribution is one more file like debian.c; no other
 * file depends on any distribution.
 */
#ifndef KPATCH_BUILD_DISTRO_H
#define KPATCH_BUILD_DISTRO_H

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/* A part of a kernel, below the root of a system. `%s` is the release. */
struct distro_input {
	/* these differ between releases of the distribution: the first that exists */
	const char *paths[2];
	const char *package; /* `%s` is the release as well */
	size_t member; /* of struct kernel, a char * */
	size_t given; /* the same, for files given by hand */
};

struct distro {
	const char *name; /* as its kernels print it: DISTRIBUTOR of the kernel's Makefile */
	const char *install; /* the command that installs a package, to be followed by its name */
	const struct distro_input *inputs; /* all files that one root must have */
	size_t n_inputs;
	/* Folders of libraries; in each is one that the processor's triplet names. */
	const char *libraries[2];
	const char *debug_folder, *debug_begin; /* where each installed vmlinux with DWARF is */

	/* All functions return 0 or negative, reported, unless they say otherwise. */

	/* Does it have a suite of this name? Reported if not. */
	bool (*has_suite)(const struct job *job, const struct kernel *kernel, const char *suite);
	/* Can a kernel of this release be from @suite? */
	bool (*is_of_suite)(const char *suite, const char *release);
	/*
	 * Set ->release to what @name means if it isn't a release: "newest", "cloud-amd64"; in
	 * ->suite, if one was named.
	 */
	int (*resolve_name)(const struct job *job, struct kernel *kernel, const char *name);
	/*
	 * Call @found for each release that the archive, or its ->suite, has with debug
	 * information.
	 */
	int (*for_each_archived)(const struct job *job, struct kernel *kernel,
				 void (*found)(const char *release, void *arg), void *arg);
	/*
	 * The same for the newest of each flavour that matches the part of @pattern after
	 * "newest-"; "newest*" matches all of them.
	 */
	int (*for_each_newest)(const struct job *job, struct kernel *kernel, const char *pattern,
			       void (*found)(const char *release, void *arg), void *arg);
	/*
	 * The version of the kernel's package in a banner ("6.1.192-2"), which may be changed.
	 * Caller frees; NULL: there is none.
	 */
	char *(*version_in)(char *banner);
	/*
	 * Report which parts of the kernel are missing below @root, and how to get them ("": the
	 * system), or that the packages don't have them (what was fetched). -ENOENT
	 */
	int (*report_missing)(const struct job *job, const struct kernel *kernel, const char *root);
	/* Download and unpack the kernel's parts into ->root. */
	int (*fetch)(const struct job *job, struct kernel *kernel);
	/*
	 * Download the compiler that ->cc_version names, with the programs that it needs, and
	 * unpack them below @root, so that they need nothing else from the system.
	 */
	int (*fetch_compiler)(const struct job *job, const struct kernel *kernel, const char *root);
	/*
	 * Find the archive with the kernel's source: installed, cached, or with --fetch downloaded.
	 * It may be unpacked into @temp. The caller holds the kernel's lock, and frees *@archive.
	 */
	int (*find_source)(const struct job *job, const struct kernel *kernel, const char *temp,
			   char **archive);
};

extern const struct distro debian;

/* The distribution of a kernel if the user names none. */
const struct distro *default_distro(void);

#endif
