/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kinds of packages have in common: package-parts.c. */
#ifndef KPATCH_BUILD_OUTPUT_PACKAGE_PARTS_H
#define KPATCH_BUILD_OUTPUT_PACKAGE_PARTS_H

#include <sys/types.h>

#include "kpatch-build/output/package.h"

struct job;

/* What one '@MARK@' of a template stands for. */
struct package_mark {
	const char *mark, *value;
};

/*
 * Fill in @n @marks, each as often as it is there, and the package's own (NAME, RELEASE, PACKAGE).
 * Takes @text, which may be NULL; the caller frees what is returned, NULL if memory is out.
 */
char *package_fill(const struct build *build, const struct package *package, char *text,
		   const struct package_mark *marks, size_t n);
/* A file of templates/, filled in so. Caller frees; NULL: reported. */
char *package_template(struct build *build, const struct package *package, const char *name);

/* Run what makes the package, which is to have no other time in it than the package's. */
int package_run(const struct job *job, const struct package *package, const char *const *argv);

/* A line on what the diff in @path does. Caller frees; NULL if memory is out. */
char *package_headline(const char *path);

/* Write @text into @name in @folder of @root. Takes @text, which may be NULL: -ENOMEM. Reported. */
int package_put(const char *root, const char *folder, const char *name, char *text, mode_t mode,
		struct diag *diag);

#endif
