/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped files of a kernel, from one root: files.c. */
#ifndef KPATCH_BUILD_FILES_H
#define KPATCH_BUILD_FILES_H

#include "kpatch-build/kernel/distro.h"

/*
 * Take all files of the kernel from the first root that has them. False: none has, or *@err is set.
 */
bool take_complete_root(const struct kernel *kernel, int *err, struct diag *diag);

/* Does the cache have the unpacked packages of this kernel? */
bool cached_root_is_complete(const struct kernel *kernel);

/* The path that was given for @input; NULL: none. */
const char *input_given(const struct kernel *kernel, const struct distro_input *input);
/*
 * The path of @input below @root: the first that exists, else the first of all. Caller frees; NULL
 * if there is not enough memory.
 */
char *input_under_root(const char *root, const struct distro_input *input, const char *release);

#endif
