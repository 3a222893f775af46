/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch consists of several files. File names don't decide which belong
 * together: each module says in its modinfo which livepatch it is part of, and
 * for which kernel and which builds of which objects it was made
 * (templates/README.md).
 */
#ifndef KPATCH_MODULE_FILES_H
#define KPATCH_MODULE_FILES_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/* An object and the build of it that a module was made for. */
struct built_for {
	char *object; /* "vmlinux" or a module's name */
	char *build_id; /* hexadecimal; "" if any build will do */
};

struct module_file {
	char *path;
	char *name; /* its name in the kernel */
	char *patch; /* the livepatch it is part of */
	char *release; /* the kernel it was built for */
	char *vermagic;
	char *replace; /* "1" or "0": does it replace all livepatches before it? NULL: an
			  older module, which doesn't say */
	bool ours; /* it says something that only these tools write, complete or not */
	char *livepatch; /* "Y": the kernel takes it for a livepatch */
	char *sig_id; /* kind of its signature; NULL: it has none */
	char *signer; /* as the signature says; NULL: unknown */
	struct strvec fixes; /* what each of its diffs says it does */
	struct strvec cves; /* "CVE-2026-12345": those that its diffs name */
	struct built_for *targets; /* of an object module: the one */
	size_t n_targets;
};

struct livepatch_files {
	struct module_file main;
	struct module_file *objects;
	size_t n_objects;
	char *core; /* a core in the same folder, or NULL */
	bool installed; /* these are the files that modprobe has, and they stay */
	bool foreign; /* made by another tool: one module, which says nothing of what it changes */
};

/*
 * Read the livepatch that @path names: its main module, or the folder it is in.
 * KS401, KS402, KS406; all problems of it. 0 or negative errno.
 */
int livepatch_files_read(struct host *host, const char *path, struct livepatch_files *files);
/*
 * Read another tool's livepatch. -ENOENT, without a report, if @path isn't a livepatch module or is of
 * these tools.
 */
int livepatch_files_read_foreign(struct host *host, const char *path,
				 struct livepatch_files *files);
void livepatch_files_free(struct livepatch_files *files);

/* Does it replace all livepatches before it? */
bool livepatch_files_replace(const struct livepatch_files *files);

/* The build of @object that the main module was made for; NULL if it doesn't patch @object. */
const struct built_for *livepatch_files_target(const struct livepatch_files *files,
					       const char *object);

#endif
