/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How to treat the change of a file, by its path: see file-kinds.c. */
#ifndef KPATCH_BUILD_FILE_KINDS_H
#define KPATCH_BUILD_FILE_KINDS_H

#include "kpatch-build/source/depth.h"

/* How to treat a changed file. */
enum file_verdict {
	FILE_UNIT,
	FILE_HEADER,
	FILE_MAKEFILE,
	FILE_KCONFIG,
	FILE_ASSEMBLY, /* refused if the kernel is built with it */
	FILE_IGNORED,
	FILE_REFUSED,
};
struct file_kind {
	const char *pattern; /* for fnmatch() with FNM_EXTMATCH alone: '*' matches '/', too */
	enum file_verdict verdict;
	const char *code; /* the error or warning to report */
	const char *why; /* the reason for the row */
};
/*
 * The first row that matches @path, a path from the root of the tree. TREE_OF_MODULE: the file belongs
 * to an out-of-tree module, so rows that name folders of the kernel don't apply.
 */
const struct file_kind *diff_file_kind(const char *path, enum tree_kind tree);

#endif
