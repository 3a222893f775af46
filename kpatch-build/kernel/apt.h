/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queries to Debian's archives by apt, for the system or for one suite: apt.c.
 * apt checks lists and signatures: nothing unsigned is used.
 */
#ifndef KPATCH_BUILD_APT_H
#define KPATCH_BUILD_APT_H

#include "lib/strvec.h"
#include "kpatch-build/build.h"
#include "kpatch-build/kernel/suites.h"
#include "kpatch-build/run.h"

struct apt {
	const struct suite *suite; /* NULL: the system's own sources */
	char *conf; /* apt's configuration for this suite; NULL: the system's */
};

/*
 * Open the archives of @suite (NULL: the system's), with lists as recent as the network allows.
 * Everything is written to the cache. Errors are reported.
 */
int apt_open(const struct job *job, const struct kernel *kernel, const struct suite *suite,
	     struct apt *apt);
void apt_close(struct apt *apt);

/*
 * Get the records of @packages, each "name" or "name=version"; apt_show_one() only that of
 * @package. Caller frees. -ENOENT, not reported, if one of them doesn't exist.
 */
int apt_show(const struct apt *apt, const struct strvec *packages, char **text, struct diag *diag);
int apt_show_one(const struct apt *apt, const char *package, char **text, struct diag *diag);

/* The first "Field: value" of a record; caller frees, NULL if there is none. */
char *apt_field(const char *text, const char *field);

/* The names of all packages that begin with @begin, one on each line. Caller frees. Reported. */
int apt_names(const struct job *job, const struct apt *apt, const char *begin, char **names);

/* Download "name=version" into the folder @into, completely or not at all. Reported: KS306. */
int apt_download(const struct job *job, const struct apt *apt, const char *package,
		 const char *into);

/*
 * Download @packages with all their dependencies for an empty system. @into has a folder "partial".
 * KS306
 */
int apt_download_closure(const struct job *job, const struct apt *apt,
			 const struct strvec *packages, const char *into);

#endif
