/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See link.c. */
#ifndef KPATCH_BUILD_LINK_H
#define KPATCH_BUILD_LINK_H

#include "kpatch-build/module/modules.h"

struct build;
struct job;

/*
 * The folder in which the module for @object is built. Caller frees; NULL if there is not enough
 * memory.
 */
char *module_dir(const struct job *job, const struct object *object);

/* Link the changed units of each object that gets a module; sets object->units_o. */
int link_changed_units(struct build *build);

/* Is @symbol defined by a source of ours that becomes part of modules which refer to it? */
bool is_of_template(const char *symbol);

#endif
