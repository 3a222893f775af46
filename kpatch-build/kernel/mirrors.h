/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The location of Debian's archive: mirrors.c. */
#ifndef KPATCH_BUILD_MIRRORS_H
#define KPATCH_BUILD_MIRRORS_H

#include "kpatch-build/build.h"

struct mirrors {
	char *main; /* URL */
	char *security; /* URL of the security updates; NULL: none is known */
};

/* Take them from --mirror, else from the system's own package sources. KS380 if there are none. */
int mirrors_find(const struct job *job, struct mirrors *mirrors);
void mirrors_free(struct mirrors *mirrors);

#endif
