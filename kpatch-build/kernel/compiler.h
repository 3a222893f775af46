/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler that built the kernel: compiler.c. */
#ifndef KPATCH_BUILD_COMPILER_H
#define KPATCH_BUILD_COMPILER_H

#include "kpatch-build/build.h"

/*
 * KS303 unless the compiler is the one that the configuration names, including the distribution's
 * patch version, and the one that wrote the kernel's .comment.
 */
int check_compiler(const struct kernel *kernel, struct diag *diag);

#endif
