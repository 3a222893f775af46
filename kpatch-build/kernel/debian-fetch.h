/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gets Debian's packages from its archives or from a folder: debian-fetch.c. */
#ifndef KPATCH_BUILD_DEBIAN_FETCH_H
#define KPATCH_BUILD_DEBIAN_FETCH_H

#include "kpatch-build/build.h"
#include "kpatch-build/kernel/apt.h"

/* distro.h: fetch */
int debian_fetch(const struct job *job, struct kernel *kernel);

/*
 * Find the package with the source of exactly this kernel: in --packages, in the cache, or with
 * --fetch in the archive. *@deb is NULL if it is nowhere; caller frees. The caller holds the
 * kernel's lock.
 */
int debian_source_deb(const struct job *job, const struct kernel *kernel, char **deb);

#endif
