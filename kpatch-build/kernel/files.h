/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped files of a kernel, from one root: files.c. */
#ifndef KPATCH_BUILD_FILES_H
#define KPATCH_BUILD_FILES_H

#include "kpatch-build/kernel/distro.h"

/* Take all files of the kernel from the first root that has them. False: none has, or *@err is set. */
bool take_complete_root(struct kernel *kernel, int *err, struct diag *diag);

/* Whether the cache has the unpacked packages of this kernel. */
bool cached_root_is_complete(struct kernel *kernel);

/* What was given by hand for @input; NULL: nothing. */
const char *input_given(const struct kernel *kernel, const struct distro_input *input);
/*
 * The path of @input below @root: the first that exists, else the first of all. Caller frees; NULL
 * if memory is out.
 */
char *input_under_root(const char *root, const struct distro_input *input, const char *release);

#endif
