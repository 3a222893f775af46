/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debian's names for its kernels: debian-names.c. See distro.h, where the names
 * lack "debian_".
 */
#ifndef KPATCH_BUILD_DEBIAN_NAMES_H
#define KPATCH_BUILD_DEBIAN_NAMES_H

#include "kpatch-build/build.h"

/*
 * "6.1" for "6.1.0-56-cloud-amd64", as in linux-source-6.1. Caller frees; NULL if it has no number.
 */
char *kernel_series(const char *release);

bool debian_has_suite(const struct job *job, const struct kernel *kernel, const char *suite);
bool debian_is_of_suite(const char *suite, const char *release);
int debian_resolve_name(const struct job *job, struct kernel *kernel, const char *name);
int debian_for_each_archived(const struct job *job, struct kernel *kernel,
			     void (*found)(const char *release, void *arg), void *arg);
int debian_for_each_newest(const struct job *job, struct kernel *kernel, const char *pattern,
			   void (*found)(const char *release, void *arg), void *arg);

#endif
