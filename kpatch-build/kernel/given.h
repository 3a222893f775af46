/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a kernel that were given by hand: given.c. */
#ifndef KPATCH_BUILD_GIVEN_H
#define KPATCH_BUILD_GIVEN_H

#include "kpatch-build/build.h"

/* Look at what was given, before anything is looked for. */
int take_given(struct build *build);
int release_of_vmlinux(struct kernel *kernel, char **release, struct diag *diag);
/* Make ->source of one that was given; with the lock held. */
int prepare_given_source(const struct job *job, struct kernel *kernel);

#endif
