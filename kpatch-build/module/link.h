/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See link.c. */
#ifndef KPATCH_BUILD_LINK_H
#define KPATCH_BUILD_LINK_H

#include "kpatch-build/module/modules.h"

struct job;

/*
 * The folder in which the module for @object is built. Caller frees; NULL if there is not enough
 * memory.
 */
char *module_dir(const struct job *job, const struct object *object);

#endif
