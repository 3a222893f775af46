/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages of a compiler of another release: debian-compiler.c. */
#ifndef KPATCH_BUILD_DEBIAN_COMPILER_H
#define KPATCH_BUILD_DEBIAN_COMPILER_H

#include "kpatch-build/build.h"

/* distro.h: fetch_compiler */
int debian_fetch_compiler(const struct job *job, const struct kernel *kernel, const char *root);

#endif
