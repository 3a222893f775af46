/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the file names of a diff, other folders can precede the root of the source tree. They depend
 * on the tool and the author: none, "a/", "linux-6.1/a/", "/home/me/src/linux/", or "./". Most
 * names show where the tree begins. If a name doesn't ("kernel/fs/open.c"), the files in the tree
 * decide.
 */
#ifndef KPATCH_BUILD_DEPTH_H
#define KPATCH_BUILD_DEPTH_H

#include <stdbool.h>

/* The name is ambiguous: depth_by_files() decides. */
#define DEPTH_UNKNOWN (-2)

/*
 * The number of components of @name that precede the root of the tree, or DEPTH_UNKNOWN. -1: @name
 * can't be a file of a kernel's source.
 */
int depth_by_name(const char *name);

/*
 * The same, decided by the files in @tree: the smallest depth at which the file exists. If it
 * exists at none, it is a new file: the smallest depth at which its folder exists. TREE_OF_MODULE:
 * the root of the tree may contain files and folders of any name.
 */
enum tree_kind { TREE_OF_KERNEL, TREE_OF_MODULE };
int depth_by_files(const char *name, const char *tree, enum tree_kind kind);

#endif
