/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module that isn't the kernel's (--oot-module): oot.c. The passes are in build.h. */
#ifndef KPATCH_BUILD_OOT_H
#define KPATCH_BUILD_OOT_H

struct build;

/* The tree that diffs apply to: the module's, or the kernel's. */
const char *patched_tree(const struct build *build);

/*
 * How many components of @path in a diff stand before the root of the module's source; -1: it names
 * nothing there. A new file needs only its folder.
 */
int oot_strip(const struct build *build, const char *path);

/* Add the units that a changed header of the module may reach. */
int map_oot_headers(struct build *build);

#endif
