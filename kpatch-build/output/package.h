/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kinds of packages have in common: package.c. */
#ifndef KPATCH_BUILD_PACKAGE_H
#define KPATCH_BUILD_PACKAGE_H

#include <sys/types.h>
#include <time.h>

#include "kpatch-build/build.h"

#define PACKAGE_FAILED "KS951"

/* What the pass makes, step by step; all strings are owned. */
struct package {
	char *name; /* livepatch-fix-6.1.0-13-amd64 */
	char *version;
	char *architecture; /* as this kind of package calls it */
	char *maintainer;
	char *tree; /* what will be in it */
	time_t date; /* of the newest diff: the same diffs make the same package */
};

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
int package_run(struct build *build, const struct package *package, const char *const *argv);

/* A line on what the diff in @path does. Caller frees; NULL if memory is out. */
char *package_headline(const char *path);

/* Write @text into @name in @folder of @root. Takes @text, which may be NULL: -ENOMEM. Reported. */
int package_put(struct build *build, const char *root, const char *folder, const char *name,
		char *text, mode_t mode);

/* Make build->package of what is in the tree; the rest of a package of this kind is made here. */
int package_deb(struct build *build, struct package *package);
int package_rpm(struct build *build, struct package *package);

#endif
