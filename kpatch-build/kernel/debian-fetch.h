/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debian's packages, got from its archives or from a folder: debian-fetch.c. */
#ifndef KPATCH_BUILD_DEBIAN_FETCH_H
#define KPATCH_BUILD_DEBIAN_FETCH_H

#include "kpatch-build/build.h"
#include "kpatch-build/kernel/apt.h"

/* distro.h: fetch */
int debian_fetch(const struct job *job, struct kernel *kernel);

/*
 * The package with the source of exactly this kernel: --packages, the cache, or with --fetch the
 * archive. *@deb is NULL if it is nowhere; caller frees. With the kernel's lock held.
 */
int debian_source_deb(const struct job *job, struct kernel *kernel, char **deb);

#endif
