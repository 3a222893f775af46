/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler that the kernel names, even on another release: toolchain.c. */
#ifndef KPATCH_BUILD_TOOLCHAIN_H
#define KPATCH_BUILD_TOOLCHAIN_H

#include "kpatch-build/build.h"

/*
 * If the system's compiler and binutils aren't those of the kernel, put those in the cache before
 * them in PATH; with --fetch they are fetched first. If there are none, check_compiler() and kbuild
 * report it.
 */
int take_toolchain(const struct job *job, struct kernel *kernel);

#endif
