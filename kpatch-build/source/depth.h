/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each tool, and each author, has other folders before the tree's root: none, "a/", "linux-6.1/a/",
 * "/home/me/src/linux/", or "./". Mostly the name itself tells where the tree begins. If it doesn't
 * ("kernel/fs/open.c"), the files tell that there are.
 */
#ifndef KPATCH_BUILD_DEPTH_H
#define KPATCH_BUILD_DEPTH_H

#include <stdbool.h>

/* If nothing but the tree's files can tell. */
#define DEPTH_UNKNOWN (-2)

/* How many components of @name are before the tree's root; -1: it is no name in a kernel's tree. */
int depth_by_name(const char *name);

/*
 * The same, by the files of @tree: the least depth at which there is such a file, or its folder
 * (a new file). @module: any file can be at the root of the tree.
 */
enum tree_kind { TREE_OF_KERNEL, TREE_OF_MODULE };
int depth_by_files(const char *name, const char *tree, enum tree_kind kind);

#endif
