/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking Debian's archives by apt, of the system or of one suite: apt.c. Lists
 * and signatures are apt's business: nothing that isn't signed is used.
 */
#ifndef KPATCH_BUILD_APT_H
#define KPATCH_BUILD_APT_H

#include "kpatch-build/build.h"
#include "kpatch-build/kernel/suites.h"
#include "kpatch-build/run.h"

struct apt {
	const struct suite *suite; /* NULL: what the system's own sources name */
	char *conf; /* apt's configuration for this suite; NULL: the system's */
};

/*
 * The archives of @suite (NULL: the system's), their lists up to date as far as the network allows.
 * All that is written is in the cache. Reported if it fails.
 */
int apt_open(const struct job *job, struct kernel *kernel, const struct suite *suite,
	     struct apt *apt);
void apt_close(struct apt *apt);

/*
 * The records of @packages, each "name" or "name=version". Caller frees. -ENOENT if one of them isn't
 * there, and not reported; @package is the only one.
 */
int apt_show(const struct apt *apt, const struct words *packages, char **text, struct diag *diag);
int apt_show_one(const struct apt *apt, const char *package, char **text, struct diag *diag);

/* The first "Field: value" of a record; caller frees, NULL if there is none. */
char *apt_field(const char *text, const char *field);

/* The names of all packages that begin with @begin, a line each. Caller frees. Reported. */
int apt_names(const struct job *job, const struct apt *apt, const char *begin, char **names);

/* Download "name=version" into folder @into, whole or not at all. Reported: KS306. */
int apt_download(const struct job *job, const struct apt *apt, const char *package,
		 const char *into);

/* Download @packages with all that they need on an empty system. @into has a folder "partial". KS306 */
int apt_download_closure(const struct job *job, const struct apt *apt, const struct words *packages,
			 const char *into);

#endif
