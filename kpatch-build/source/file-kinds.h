/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See file-kinds.c. */
#ifndef KPATCH_BUILD_FILE_KINDS_H
#define KPATCH_BUILD_FILE_KINDS_H

#include <stdbool.h>

/* How the change of a file is to be taken. */
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
	const char *pattern; /* for fnmatch() with only FNM_EXTMATCH, on the path in the tree */
	enum file_verdict verdict;
	const char *code; /* what to report if it can't be handled */
	const char *why; /* the reason for the row */
};
/* @module: @path isn't in the kernel's tree; its folders mean nothing. */
const struct file_kind *diff_file_kind(const char *path, bool module);

#endif
