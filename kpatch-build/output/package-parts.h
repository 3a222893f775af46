/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by all kinds of packages: package-parts.c. */
#ifndef KPATCH_BUILD_OUTPUT_PACKAGE_PARTS_H
#define KPATCH_BUILD_OUTPUT_PACKAGE_PARTS_H

#include <sys/types.h>

#include "kpatch-build/output/package.h"

struct job;

/* The value for one '@MARK@' of a template. */
struct package_mark {
	const char *mark, *value;
};

/*
 * Fill in @n @marks wherever they occur, and those of the package itself (NAME, RELEASE, PACKAGE).
 * Takes @text, which may be NULL. The caller frees the result; NULL if there is not enough memory.
 */
char *package_fill(const struct kernel *kernel, const struct livepatch *livepatch,
		   const struct package *package, char *text, const struct package_mark *marks,
		   size_t n);
/* A file of templates/, filled in. Caller frees; NULL: reported. */
char *package_template(const struct job *job, const struct kernel *kernel,
		       const struct livepatch *livepatch, const struct package *package,
		       const char *name);

/*
 * Run the program that makes the package, which must contain no other time than the package's date.
 */
int package_run(const struct job *job, const struct package *package, const char *const *argv);

/*
 * For each diff a line that says what it does, after @bullet. Caller frees; NULL if there is not
 * enough memory.
 */
char *package_headlines(const struct series *series, const char *bullet);

/* Write @text to @name in @folder of @root. Takes @text, which may be NULL: -ENOMEM. Reported. */
int package_put(const char *root, const char *folder, const char *name, char *text, mode_t mode,
		struct diag *diag);

#endif
