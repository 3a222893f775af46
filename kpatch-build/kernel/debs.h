/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and unpacks package files: debs.c. */
#ifndef KPATCH_BUILD_DEBS_H
#define KPATCH_BUILD_DEBS_H

#include "lib/strvec.h"
#include "kpatch-build/build.h"
#include "kpatch-build/run.h"

/*
 * The file of a package in the folder @debs by its version; NULL if it isn't there. Caller frees.
 */
char *find_deb(const char *debs, const char *package, const char *version);

/* Move complete downloads from apt's own folder to where they are looked for. */
int keep_debs(const char *from, const char *to, struct diag *diag);

/* Unpack the files @debs as @root, which then exists completely or not at all. */
int unpack_debs(const struct job *job, const struct strvec *debs, const char *root);
/* The same into an existing folder. */
int unpack_debs_into(const struct job *job, const struct strvec *debs, const char *root);

/*
 * KS384 unless the cache has room for the packages of these @records, unpacked, and for @more
 * bytes.
 */
int debs_check_room(const struct kernel *kernel, const char *records, unsigned long long more,
		    struct diag *diag);

#endif
