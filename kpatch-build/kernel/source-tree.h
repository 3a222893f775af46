/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that was given by hand belongs to the user: nothing is written
 * there, it may change between two runs, and kbuild may be unable to use it
 * where it is.
 */
#ifndef KPATCH_BUILD_SOURCE_TREE_H
#define KPATCH_BUILD_SOURCE_TREE_H

#include <stdbool.h>

/*
 * True if kbuild can't build elsewhere from the tree at @path: there are blanks in the path, or the
 * tree was built in.
 */
bool source_tree_is_unusable(const char *path);

enum tree_files { TREE_OF_LINKS, TREE_OF_COPIES };

/* Make a tree at @to with each file of @from, except those that kbuild made there. 0 or -errno. */
int source_tree_make(const char *from, const char *to, enum tree_files files);

/*
 * A text that changes with any change of a file in the tree (by name, size and time); caller frees.
 * 0 or -errno.
 */
int source_tree_digest(const char *path, char **digest);

#endif
