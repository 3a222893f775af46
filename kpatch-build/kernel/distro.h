/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a distribution names its kernels, and how it ships their parts: packages,
 * paths, archives. A new distribution is one more file like debian.c; nothing
 * else knows any distribution.
 */
#ifndef KPATCH_BUILD_DISTRO_H
#define KPATCH_BUILD_DISTRO_H

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/* A part of a kernel, as it is below the root of a system. `%s` is the release. */
struct distro_input {
	const char *paths[2]; /* releases of the distribution differ: the first that exists */
	const char *package; /* `%s` as well */
	size_t member; /* of struct kernel, a char * */
	size_t given; /* the same, if it was given by hand */
};

struct distro {
	const char *name; /* as its kernels print it: DISTRIBUTOR of the kernel's Makefile */
	const char *install; /* the command that brings a package, before its name */
	const struct distro_input *inputs; /* what one root must have */
	size_t n_inputs;
	const char *debug_folder, *debug_begin; /* where each installed vmlinux with DWARF is */

	/* All below: 0 or negative, reported, if nothing else is said. */

	/* Whether it has a suite of this name; reported if not. */
	bool (*has_suite)(const struct job *job, struct kernel *kernel, const char *suite);
	/* Whether a kernel of this release can be from @suite. */
	bool (*is_of_suite)(const char *suite, const char *release);
	/*
	 * Set ->release to what @name means, which is no release: "newest", "cloud-amd64"; in
	 * ->suite, if one was named.
	 */
	int (*resolve_name)(const struct job *job, struct kernel *kernel, const char *name);
	/* Call @found for each release that the archive has with debug information, or its ->suite. */
	int (*for_each_archived)(const struct job *job, struct kernel *kernel,
				 void (*found)(const char *release, void *arg), void *arg);
	/* The same for the newest of each flavour that @pattern has after "newest-"; "newest*" is all of them. */
	int (*for_each_newest)(const struct job *job, struct kernel *kernel, const char *pattern,
			       void (*found)(const char *release, void *arg), void *arg);
	/*
	 * The version of the kernel's package in a banner ("6.1.192-2"), which may be changed. Caller
	 * frees; NULL: none is in it.
	 */
	char *(*version_in)(char *banner);
	/*
	 * Report what is missing of the kernel below @root, and how to get it ("": the system), or that
	 * the packages don't have it (what was fetched). -ENOENT
	 */
	int (*report_missing)(const struct job *job, struct kernel *kernel, const char *root);
	/* Download and unpack the kernel's parts into ->root. */
	int (*fetch)(const struct job *job, struct kernel *kernel);
	/*
	 * Download the compiler that ->cc_version names, with the programs that go with it, and
	 * unpack them below @root, with nothing else there that they need.
	 */
	int (*fetch_compiler)(const struct job *job, struct kernel *kernel, const char *root);
	/*
	 * The archive with the kernel's source: what is installed, cached, or with --fetch downloaded. It
	 * may be unpacked into @temp. With the kernel's lock held; caller frees *@archive.
	 */
	int (*find_source)(const struct job *job, struct kernel *kernel, const char *temp,
			   char **archive);
};

extern const struct distro debian;

#endif
