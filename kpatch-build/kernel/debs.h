/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of packages, found and unpacked: debs.c. */
#ifndef KPATCH_BUILD_DEBS_H
#define KPATCH_BUILD_DEBS_H

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/* The file of a package in folder @debs by its version; NULL if it isn't there. Caller frees. */
char *find_deb(const char *debs, const char *package, const char *version);

/* Move what apt has downloaded, whole, from its own folder to where it is looked for. */
int keep_debs(const char *from, const char *to, struct diag *diag);

/* Unpack the files @debs as @root, which is there afterwards whole or not at all. */
int unpack_debs(const struct job *job, const struct words *debs, const char *root);
/* The same into a folder that is there. */
int unpack_debs_into(const struct job *job, const struct words *debs, const char *root);

/* KS384 unless the cache has room for packages of these @records, unpacked, and for @more bytes. */
int debs_check_room(struct kernel *kernel, const char *records, unsigned long long more,
		    struct diag *diag);

#endif
