/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a kernel that were given by hand: given.c. */
#ifndef KPATCH_BUILD_GIVEN_H
#define KPATCH_BUILD_GIVEN_H

#include "kpatch-build/build.h"

/* Check the given files, before anything else is looked for. */
int take_given(const struct job *job, struct kernel *kernel);
int release_of_vmlinux(const struct kernel *kernel, char **release, struct diag *diag);
/* Make ->source from a given one; the caller holds the kernel's lock. */
int prepare_given_source(const struct job *job, struct kernel *kernel);

#endif
